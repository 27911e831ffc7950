# Intervals and tests as R and pROC give them, on the two-class cases of cases.json and on small
# regressions. Run after make-cases.py: Rscript make-inference.R   (writes inference.json)

suppressMessages({library(jsonlite); library(pROC); library(sandwich)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
cases <- fromJSON(file.path(here, "cases.json"), simplifyVector = FALSE)
short <- function(x) ifelse(is.finite(x), signif(x, 13), NA)
quiet <- function(expr) suppressMessages(suppressWarnings(expr))
set.seed(1)

# ---- proportions: binom.test (Clopper & Pearson), prop.test without correction (Wilson) ----------
proportion <- function(x, n, level) {
  wilson <- quiet(prop.test(x, n, correct = FALSE, conf.level = level))$conf.int
  exact <- binom.test(x, n, conf.level = level)$conf.int
  list(x = x, n = n, level = level, wilson = short(wilson[1:2]), exact = short(exact[1:2]))
}
grid <- expand.grid(n = c(1, 2, 5, 10, 37, 100, 1000), share = c(0, 0.1, 0.5, 0.83, 1), level = c(0.9, 0.95))
proportions <- lapply(seq_len(nrow(grid)), function(i) with(grid[i, ], proportion(round(n * share), n, level)))

# ---- DeLong, on the unweighted two-class cases with two of each class -----------------------------
labels <- function(case) as.integer(strsplit(case$y, "")[[1]])
usable <- function(case) {
  y <- labels(case)
  case$k == 2 && is.null(case$w) && sum(y == 1) >= 2 && sum(y == 0) >= 2
}
index <- which(vapply(cases$classification, usable, logical(1)))
curve <- function(case, key) quiet(roc(labels(case), unlist(case[[key]]), direction = "<", levels = c(0, 1)))
delong <- lapply(seq_along(index), function(j) {
  i <- index[j]
  case <- cases$classification[[i]]
  a <- curve(case, "p"); b <- curve(case, "q")
  ci <- quiet(ci.auc(a, method = "delong"))
  paired <- quiet(roc.test(a, b, method = "delong", paired = TRUE))
  other <- curve(cases$classification[[index[j %% length(index) + 1]]], "q")
  unpaired <- quiet(roc.test(a, other, method = "delong", paired = FALSE))
  variance <- quiet(var(a, method = "delong"))
  z <- qnorm(0.975); value <- as.numeric(auc(a))
  half <- z * sqrt(variance) / (value * (1 - value))
  list(case = i - 1, auc = short(value), ci = short(as.numeric(ci)[c(1, 3)]),
       logit = short(plogis(qlogis(value) + c(-half, half))),
       paired = short(c(paired$statistic, paired$p.value)), pairedCi = short(paired$conf.int[1:2]),
       unpaired = short(c(unpaired$statistic, unpaired$parameter, unpaired$p.value)))
})

# ---- McNemar ------------------------------------------------------------------------------------
mcnemar <- lapply(list(c(0, 0), c(1, 0), c(5, 5), c(3, 9), c(0, 7), c(40, 22), c(150, 101)), function(d) {
  table <- matrix(c(20, d[1], d[2], 30), 2)
  n <- sum(d); k <- min(d)
  mid <- min(1, 2 * pbinom(k, n, 0.5) - dbinom(k, n, 0.5))
  list(d = d, exact = if (n == 0) 1 else short(binom.test(d[1], n)$p.value), mid = short(mid),
       plain = short(c(mcnemar.test(table, correct = FALSE)$statistic, mcnemar.test(table, correct = FALSE)$p.value)),
       corrected = short(c(mcnemar.test(table)$statistic, mcnemar.test(table)$p.value)))
})

# ---- calibration: glm, with clustered sandwich --------------------------------------------------
calibration <- lapply(1:12, function(i) {
  n <- 30 + i
  d <- 200
  p <- sample(1:199, n, replace = TRUE)
  if (i %% 3 == 0) p[1:2] <- c(0, 200)
  true <- plogis(0.3 + 0.6 * qlogis(pmin(199, pmax(1, p)) / d))
  y <- rbinom(n, 1, true)
  g <- sample(1:12, n, replace = TRUE)
  w <- sample(0:3, n, replace = TRUE)
  data <- data.frame(y, l = qlogis(pmin(1 - 1e-8, pmax(1e-8, p / d))), w, g)
  tight <- glm.control(epsilon = 1e-15, maxit = 200)
  fit <- function(formula, weights) {
    data$weights <- weights
    model <- quiet(glm(formula, family = binomial, data = data, weights = weights, control = tight))
    # glm's variance is of the last step but one; a second fit from the optimum has it there.
    quiet(glm(formula, family = binomial, data = data, weights = weights, control = tight, start = coef(model)))
  }
  sd_of <- function(model, kind) {
    v <- if (kind == "model") vcov(model) else
      vcovCL(model, cluster = data$g, type = "HC0", cadjust = TRUE)
    sqrt(diag(v))
  }
  large <- fit(y ~ 1 + offset(l), rep(1, n)); line <- fit(y ~ l, rep(1, n))
  large_w <- fit(y ~ 1 + offset(l), w); line_w <- fit(y ~ l, w)
  list(y = paste(y, collapse = ""), p = p, d = d, g = g, w = w,
       wald = short(c(coef(large), sd_of(large, "model"), coef(line)[2], sd_of(line, "model")[2])),
       clustered = short(c(coef(large), sd_of(large, "cl"), coef(line)[2], sd_of(line, "cl")[2])),
       weighted = short(c(coef(large_w), coef(line_w)[2])))
})

# ---- regression: cor.test, Lin's concordance (formulas of epiR::epi.ccc), Bland & Altman ---------
regression <- lapply(1:10, function(i) {
  n <- 4 + 2 * i
  x <- round(rnorm(n, 50, 10)); y <- round(x + rnorm(n, 2, 4 + i))
  k <- n; sx <- var(x) * (k - 1) / k; sy <- var(y) * (k - 1) / k; r <- cor(x, y)
  p <- 2 * r * sqrt(sx * sy) / (sx + sy + (mean(y) - mean(x))^2)
  u <- (mean(y) - mean(x)) / ((sx * sy)^0.25)
  sep <- sqrt(((1 - r^2) * p^2 * (1 - p^2) / r^2 + 2 * p^3 * (1 - p) * u^2 / r - 0.5 * p^4 * u^4 / r^2) / (k - 2))
  z <- atanh(p) + c(-1, 1) * qnorm(0.975) * sep / (1 - p^2)
  d <- y - x; t <- qt(0.975, n - 1); limit <- mean(d) + c(-1, 1) * qnorm(0.975) * sd(d)
  se <- sd(d) * sqrt(1 / n + qnorm(0.975)^2 / (2 * (n - 1)))
  list(x = x, y = y, pearson = short(c(r, cor.test(x, y)$conf.int)), concordance = short(c(p, tanh(z))),
       bias = short(c(mean(d), t.test(d)$conf.int)),
       lower = short(limit[1] + c(0, -1, 1) * t * se), upper = short(limit[2] + c(0, -1, 1) * t * se))
})

# ---- folds and several tests --------------------------------------------------------------------
folds <- lapply(c(5, 10, 50), function(j) {
  a <- round(rnorm(j, 0.85, 0.04), 3); b <- round(rnorm(j, 0.83, 0.04), 3); d <- a - b
  se <- sqrt(var(d) * (1 / j + 57 / 512)); t <- mean(d) / se
  list(first = a, second = b, train = 512, test = 57,
       expected = short(c(mean(d), mean(d) - qt(0.975, j - 1) * se, mean(d) + qt(0.975, j - 1) * se, t, 2 * pt(-abs(t), j - 1))))
})
adjusted <- lapply(c(1, 2, 7, 12), function(m) {
  p <- round(runif(m)^3, 4); if (m > 2) p[3] <- p[1]
  list(p = I(p), holm = I(short(p.adjust(p, "holm"))), bh = I(short(p.adjust(p, "BH"))))
})

# ---- likelihood ratios by the log method (formulas of epiR::epi.tests) ----------------------------
ratios <- lapply(list(c(40, 10, 12, 50), c(7, 1, 3, 9), c(231, 32, 27, 54), c(3, 3, 2, 1)), function(t) {
  a <- t[1]; b <- t[2]; c <- t[3]; d <- t[4]; z <- qnorm(0.975)  # TP, FP, FN, TN
  se <- a / (a + c); sp <- d / (b + d)
  plus <- exp(log(se / (1 - sp)) + c(0, -1, 1) * z * sqrt((1 - se) / a + sp / b))
  minus <- exp(log((1 - se) / sp) + c(0, -1, 1) * z * sqrt(se / c + (1 - sp) / d))
  list(counts = t, plus = short(plus), minus = short(minus))
})

out <- list(`made-with` = list(R = R.version.string, pROC = as.character(packageVersion("pROC")),
                               sandwich = as.character(packageVersion("sandwich"))),
            proportions = proportions, delong = delong, mcnemar = mcnemar, calibration = calibration,
            regression = regression, folds = folds, adjusted = adjusted, ratios = ratios)
writeLines(toJSON(out, auto_unbox = TRUE, digits = 16, na = "null", null = "null"), file.path(here, "inference.json"))
cat(length(delong), "DeLong cases,", file.size(file.path(here, "inference.json")), "bytes\n")
