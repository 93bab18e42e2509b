//! Switchback experiments: time is cut into blocks, and each block is assigned on its own.

use super::error::{Result, StatsError, positive, require};
use super::input::Level;
use super::ztest::ZTest;

/// Blocks of equal length, each assigned by an independent fair coin; the first periods of a block may be dropped as
/// burn-in; noise follows an AR(1) process within a block and is independent between blocks. The estimate is the
/// difference of the means of block means (cf. Bojinov, Simchi-Levi & Zhao 2023, who show that blocks as long as the
/// carry-over are minimax).
///
/// It is a model: correlation between blocks, and an effect that outlasts the burn-in, are not in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Switchback {
    blocks: f64,
    kept: f64,
    autocorrelation: f64,
    sd: f64,
}

impl Switchback {
    /// Periods in all and per block, periods dropped at the start of each block, autocorrelation of neighbouring periods
    /// (above −1, below 1) and the standard deviation of one period.
    pub fn new(periods: f64, block: f64, burn_in: f64, autocorrelation: f64, sd: f64) -> Result<Self> {
        let block = require(
            "block length",
            block,
            "a whole number of periods, 1 or more",
            block >= 1.0 && block.fract() == 0.0,
        )?;
        let burn_in = require(
            "burn-in",
            burn_in,
            "a whole number of periods, 0 or more and below the block length",
            burn_in >= 0.0 && burn_in.fract() == 0.0 && burn_in < block,
        )?;
        let blocks = (periods / block).floor();
        require("periods", periods, "at least 4 blocks", blocks >= 4.0)?;
        let inside = autocorrelation.abs() < 1.0;
        require("autocorrelation", autocorrelation, "strictly between -1 and 1", inside)?;
        Ok(Self {
            blocks,
            kept: block - burn_in,
            autocorrelation,
            sd: positive("standard deviation", sd)?,
        })
    }

    /// Whole blocks.
    pub fn blocks(&self) -> f64 {
        self.blocks
    }

    /// Variance of a block's mean over its m kept periods, σ²/m² · (m + 2 Σ (m − j) ρ^j).
    pub fn block_variance(&self) -> f64 {
        let (m, rho) = (self.kept, self.autocorrelation);
        let (mut sum, mut power, mut lag) = (m, 1.0, 1.0);
        while lag < m {
            power *= rho;
            if power.abs() < 1e-18 {
                break;
            }
            sum += 2.0 * (m - lag) * power;
            lag += 1.0;
        }
        (self.sd / m).powi(2) * sum
    }

    /// Standard error of the effect, 2 √(block variance/blocks).
    pub fn standard_error(&self) -> f64 {
        2.0 * (self.block_variance() / self.blocks).sqrt()
    }

    /// The z test of an effect at `distance` from the null hypothesis; its n counts blocks.
    pub fn test(&self, distance: f64) -> Result<ZTest> {
        ZTest::new(distance, 2.0 * self.block_variance().sqrt())
    }

    /// Power with the blocks there are.
    pub fn power(&self, distance: f64, level: Level) -> Result<f64> {
        if self.kept < 1.0 {
            return Err(StatsError::no_solution("power", "no period of a block is kept"));
        }
        self.test(distance)?.power(level, self.blocks)
    }
}
