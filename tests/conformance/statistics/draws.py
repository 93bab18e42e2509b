"""Random inputs, log-uniform over realistic and extreme ranges."""

import math


class Draw:
    def __init__(self, rng):
        self.rng = rng

    def log(self, low, high):
        return math.exp(self.rng.uniform(math.log(low), math.log(high)))

    def whole(self, low, high):
        return int(self.rng.integers(low, high + 1))

    def one_of(self, *values):
        return values[int(self.rng.integers(len(values)))]

    def errors(self, extreme=True):
        """Alpha, sides and power: half realistic, half out to 1e-9 and 0.9999."""
        if extreme and self.rng.random() < 0.5:
            return {"alpha": self.log(1e-9, 0.2), "sides": self.one_of(1, 2), "power": 1 - self.log(1e-4, 0.5)}
        return {"alpha": self.log(1e-3, 0.1), "sides": self.one_of(1, 2), "power": self.rng.uniform(0.5, 0.99)}

    def ratio(self):
        return 1.0 if self.rng.random() < 0.3 else self.log(1e-3, 1e3)

    def proportions(self, lowest=1e-9):
        """Control's and treatment's: control anywhere, near 0 and near 1; a relative change of 0.1% to 100%."""
        p0 = self.log(lowest, 0.5)
        p1 = p0 * (1 + self.one_of(-0.9, 1.0) * self.log(1e-3, 1))
        if p1 >= 0.95:
            p1 = 0.95
        if lowest > 1e-7 and self.rng.random() < 0.4:
            return 1 - p0, 1 - p1
        return p0, p1
