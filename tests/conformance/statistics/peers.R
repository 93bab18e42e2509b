# One peer's answers: Rscript peers.R PEER < cases.csv > answers.csv; one value per case, NA where the peer fails.
peer <- commandArgs(TRUE)[1]
cases <- read.csv(file("stdin"), colClasses = "numeric")
quietly <- function(x) suppressWarnings(suppressMessages(x))
if (startsWith(peer, "rpact")) quietly(library(rpact))
if (startsWith(peer, "pwr")) quietly(library(pwr))
if (startsWith(peer, "mvtnorm")) quietly(library(mvtnorm))

fixed <- function(c) getDesignGroupSequential(kMax = 1, alpha = c$tail, beta = 1 - c$power, sided = 1)

ask <- list(
  "pwr-t" = function(c) {
    pwr.t.test(d = c$d, sig.level = c$tail, power = c$power, alternative = "greater")$n
  },
  "pwr-t-default" = function(c) {
    pwr.t.test(d = c$d, sig.level = 2 * c$tail, power = c$power, alternative = "two.sided")$n
  },
  "pwr-paired" = function(c) {
    pwr.t.test(d = c$d, sig.level = c$tail, power = c$power, type = "paired", alternative = "greater")$n
  },
  "rpact-rates" = function(c) {
    getSampleSizeRates(fixed(c), groups = 2, thetaH0 = c$null, pi1 = c$p1, pi2 = c$p0, allocationRatioPlanned = c$ratio)$nFixed2
  },
  "rpact-means" = function(c) {
    getSampleSizeMeans(fixed(c), groups = 2, thetaH0 = c$null, alternative = c$difference, stDev = c$sd,
      allocationRatioPlanned = c$ratio, normalApproximation = FALSE)$nFixed2
  },
  "rpact-events" = function(c) {
    type <- if (c$freedman == 1) "Freedman" else "Schoenfeld"
    getSampleSizeSurvival(fixed(c), hazardRatio = c$hazard_ratio, lambda2 = 0.05, accrualTime = c(0, 12),
      followUpTime = 12, allocationRatioPlanned = c$ratio, typeOfComputation = type)$eventsFixed
  },
  "rpact-inflation" = function(c) {
    type <- c("asOF", "asP", "asHSD", "asKD", "WT", "HP")[c$type]
    args <- list(kMax = c$looks, alpha = c$alpha, beta = 1 - c$power, sided = c$sides, typeOfDesign = type)
    if (type == "asHSD" || type == "asKD") args$gammaA <- c$parameter
    if (type == "WT") args$deltaWT <- c$parameter
    if (type == "HP") args$constantBoundsHP <- c$parameter
    getDesignCharacteristics(do.call(getDesignGroupSequential, args))$inflationFactor
  },
  "mvtnorm-critical" = function(c) {
    # Miwa's algorithm is deterministic; qmvnorm's own root finder stops 1e-4 away.
    rho <- c$ratio / (1 + c$ratio)
    corr <- matrix(rho, c$arms, c$arms); diag(corr) <- 1
    inside <- function(x) {
      lower <- if (c$sides == 2) rep(-x, c$arms) else rep(-Inf, c$arms)
      pmvnorm(lower, rep(x, c$arms), corr = corr, algorithm = Miwa(steps = 1024))[1] - (1 - c$alpha)
    }
    uniroot(inside, c(0, 8), tol = 1e-12)$root
  }
)

for (i in seq_len(nrow(cases))) {
  value <- tryCatch(quietly(ask[[peer]](as.list(cases[i, ]))), error = function(e) NA)
  cat(format(as.numeric(value)[1], digits = 17), "\n", sep = "")
}
