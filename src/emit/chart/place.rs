//! Finds room for labels: of several places it takes the first that touches nothing, else the one that touches least.

use super::Anchor;

/// Width of a character of the widest fallback face, as a part of the font size.
const CHARACTER: f64 = 0.62;

/// A rectangle that is taken or asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Room {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl Room {
    /// The room of a text, one part of whose baseline is at a point.
    pub(super) fn of_text(text: &str, size: f64, x: f64, baseline: f64, anchor: Anchor) -> Self {
        let width = Self::width(text, size);
        let (left, right) = match anchor {
            Anchor::Start => (x, x + width),
            Anchor::Mid => (x - width / 2.0, x + width / 2.0),
            Anchor::End => (x - width, x),
        };
        Self {
            left,
            right,
            top: baseline - size * 0.8,
            bottom: baseline + size * 0.25,
        }
    }

    /// How wide a text of that size may be.
    pub(super) fn width(text: &str, size: f64) -> f64 {
        text.chars().count() as f64 * size * CHARACTER
    }

    /// How many characters of that size a width holds.
    pub(super) fn characters(size: f64, width: f64) -> usize {
        (width / (size * CHARACTER)).max(1.0) as usize
    }

    /// The smallest room around both.
    pub(super) fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            right: self.right.max(other.right),
            top: self.top.min(other.top),
            bottom: self.bottom.max(other.bottom),
        }
    }

    fn overlaps(self, other: Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    fn holds(self, (x, y): (f64, f64), margin: f64) -> bool {
        x > self.left - margin && x < self.right + margin && y > self.top - margin && y < self.bottom + margin
    }

    fn is_within(self, outer: Self) -> bool {
        self.left >= outer.left && self.right <= outer.right && self.top >= outer.top && self.bottom <= outer.bottom
    }
}

/// The straight way between what a label is about and the label.
pub(super) type Way = ((f64, f64), (f64, f64));

/// Whether a straight way meets the point, nearer than 1.5. Around its start, on the line that it leaves, nothing counts.
fn meets(((x1, y1), (x2, y2)): Way, (x, y): (f64, f64)) -> bool {
    if (x - x1).hypot(y - y1) < 8.0 {
        return false;
    }
    let (dx, dy) = (x2 - x1, y2 - y1);
    let along = ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy).max(1e-9);
    let along = along.clamp(0.0, 1.0);
    (x1 + along * dx - x).hypot(y1 + along * dy - y) < 1.5
}

/// What is already on the drawing.
#[derive(Debug)]
pub(super) struct Canvas {
    bounds: Room,
    texts: Vec<Room>,
    points: Vec<(f64, f64)>,
}

impl Canvas {
    pub(super) fn new(bounds: Room) -> Self {
        Self {
            bounds,
            texts: Vec::new(),
            points: Vec::new(),
        }
    }

    /// Takes the points of a line, closely spaced.
    pub(super) fn take_line(&mut self, points: impl IntoIterator<Item = (f64, f64)>) {
        self.points.extend(points);
    }

    /// Takes the room of a text that stands where it must.
    pub(super) fn take(&mut self, room: Room) {
        self.texts.push(room);
    }

    /// The best of several candidates; its room is taken. A candidate may name a way that no line should cross.
    /// `None` only without candidates.
    pub(super) fn place<T>(&mut self, candidates: impl IntoIterator<Item = (Room, Option<Way>, T)>) -> Option<T> {
        let mut best: Option<(usize, Room, T)> = None;
        for (room, way, what) in candidates {
            let is_crossed = way.is_some_and(|way| self.points.iter().any(|point| meets(way, *point)));
            let cost = self.cost(room) + if is_crossed { 500 } else { 0 };
            if best.as_ref().is_none_or(|(least, ..)| cost < *least) {
                best = Some((cost, room, what));
            }
            if cost == 0 {
                break;
            }
        }
        let (_, room, what) = best?;
        self.texts.push(room);
        Some(what)
    }

    /// How much a text there would cover: another text weighs more than a line, the edge of the drawing most.
    fn cost(&self, room: Room) -> usize {
        let outside = usize::from(!room.is_within(self.bounds)) * 100_000;
        let texts = self.texts.iter().filter(|taken| room.overlaps(**taken)).count() * 1_000;
        let points = self.points.iter().filter(|point| room.holds(**point, 4.0)).count();
        outside + texts + points
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Room = Room {
        left: 0.0,
        right: 100.0,
        top: 0.0,
        bottom: 100.0,
    };

    fn room(left: f64, top: f64) -> Room {
        Room {
            left,
            right: left + 10.0,
            top,
            bottom: top + 10.0,
        }
    }

    #[test]
    fn taken_places_are_passed_over() {
        let mut canvas = Canvas::new(ALL);
        assert_eq!(canvas.place([(room(0.0, 0.0), None, "first")]), Some("first"));
        assert_eq!(
            canvas.place([(room(5.0, 5.0), None, "on it"), (room(20.0, 0.0), None, "beside")]),
            Some("beside")
        );
    }

    #[test]
    fn lines_are_avoided_and_edges_kept() {
        let mut canvas = Canvas::new(ALL);
        canvas.take_line([(5.0, 5.0)]);
        let candidates = [
            (room(0.0, 0.0), None, "line"),
            (room(95.0, 0.0), None, "edge"),
            (room(20.0, 0.0), Some(((-5.0, -5.0), (20.0, 20.0))), "beyond the line"),
            (room(50.0, 50.0), None, "free"),
        ];
        assert_eq!(canvas.place(candidates), Some("free"));
    }

    #[test]
    fn without_room_the_least_bad_place_is_taken() {
        let mut canvas = Canvas::new(ALL);
        canvas.take(room(0.0, 0.0));
        canvas.take_line([(55.0, 55.0)]);
        assert_eq!(
            canvas.place([(room(0.0, 0.0), None, "text"), (room(50.0, 50.0), None, "line")]),
            Some("line")
        );
    }
}
