//! What leads to what: boxes from left to right, the top at the left, each thing right of what it leads to.
//!
//! A drawing that is taller than a sheet of paper is cut into parts between two rows; each part begins with the boxes that
//! lead to its first row, so that it can be read alone. All lengths are in px and no drawing is wider than A4 paper prints,
//! because text that is scaled down cannot be read.

mod layout;
mod wrap;

use serde::Serialize;

/// What is drawn in a box, and where it hangs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeNode {
    /// How many links it is away from the top. INVARIANT: 0 for the first alone, and at most one more than that of the node
    /// before: nodes come in the order in which they are read.
    pub depth: usize,
    /// Its name.
    pub name: String,
    /// What else there is to say, a line each; long lines are wrapped.
    pub details: Vec<Detail>,
    /// How its outline is drawn.
    pub outline: Outline,
    /// Whether its corners are round.
    pub corners: Corners,
    /// Nodes that it leads to beside the one it hangs below, by their place in the list.
    pub also: Vec<usize>,
}

/// A line below a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// The shape in front of it, by its name in the style of the document.
    pub icon: Option<&'static str>,
    /// The words.
    pub text: String,
}

/// How the outline of a box is drawn: weight and dash beside colour, so that a grey print loses nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outline {
    /// What everything else leads to: a heavy line.
    Top,
    /// A thin line.
    Plain,
    /// Nothing is known of its value: a broken line.
    Unknown,
    /// Drawn in another drawing: a dotted line.
    Elsewhere,
}

/// The corners of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corners {
    /// Round ones.
    Round,
    /// Square ones.
    Square,
}

/// A tree as drawings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TreeChart {
    /// Unique in the document.
    pub id: String,
    /// What it shows, as a sentence: the title for those who cannot see it.
    pub finding: String,
    /// The same in prose.
    pub description: String,
    /// The drawings from top to bottom.
    pub parts: Vec<TreePart>,
}

/// One drawing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TreePart {
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// The boxes in reading order.
    pub boxes: Vec<NodeBox>,
    /// Lines from boxes to the one that they hang below, as SVG paths.
    pub links: Vec<String>,
    /// Lines to whatever else a box leads to.
    pub also: Vec<String>,
    /// Arrow heads at what is led to.
    pub heads: Vec<String>,
}

/// One box.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NodeBox {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// Radius of its corners.
    pub radius: f64,
    /// How its outline is drawn.
    pub outline: Outline,
    /// What stands in it.
    pub lines: Vec<BoxLine>,
}

/// A line of words in a box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoxLine {
    /// The shape in front of it.
    pub icon: Option<&'static str>,
    /// The words.
    pub text: String,
    /// Whether it is a part of the name.
    pub name: bool,
}

impl TreeChart {
    /// The drawings of a tree. `None` where nothing leads to its top.
    pub fn draw(id: String, finding: String, description: String, nodes: &[TreeNode]) -> Option<Self> {
        (nodes.len() > 1).then(|| Self {
            id,
            finding,
            description,
            parts: layout::parts(nodes),
        })
    }
}
