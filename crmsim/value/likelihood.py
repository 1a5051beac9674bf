"""Maximum likelihood (最大似然): find the parameters under which the data were most likely.

All parameters of the models here are positive, so the search runs over their logarithms. It climbs by Newton
steps with the matrix of second derivatives H of the log-likelihood, on a thinned table first when the table
is large. The fit counts as converged when H says that the log-likelihood could still rise by less than a
millionth of a unit. The inverse of -H is the variance of the estimated logarithms; the standard error of
log(theta) times theta is that of theta (the delta method).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from crmsim.errors import InputError

Array = npt.NDArray[np.float64]
Rows = tuple[Array, ...]
LogLikelihood = Callable[[Array, Rows], Array]

# Beyond a factor exp(8) from the start, about 3,000, a parameter has run away.
_FURTHEST = 8.0
# A parameter known only up to a factor exp(2 * 5) each way is not known at all.
_VAGUE = 5.0
# A step multiplies no parameter by more than about exp(1.5).
_LONGEST = 1.5
_MOST_STEPS = 60
_ROWS_OF_A_ROUGH_SEARCH = 20_000


class FitWarning(UserWarning):
    """A fit was made with the help of a prior, because the data alone did not determine the model."""


class FitError(InputError):
    """A model could not be fitted to the data; the message says why and what to do."""


@dataclass(frozen=True)
class Fit:
    """What a fit found: parameters, their standard errors, the log-likelihood there, covariance of the logarithms."""

    params: dict[str, float]
    standard_errors: dict[str, float]
    log_likelihood: float
    n_customers: int
    log_covariance: Array = field(repr=False, compare=False)
    converged: bool = True


@dataclass(frozen=True)
class Problem:
    """Rows that occurred `weights` times each, and the log-likelihood of one of each as a function.

    `start` names the parameters and holds where to begin, `model` is the name for messages. With a
    `prior_weight` w, the logarithm of every parameter is pulled to its start as by w observations of
    variance 1.
    """

    log_likelihood: LogLikelihood
    rows: Rows
    weights: Array
    start: dict[str, float]
    model: str
    prior_weight: float = 0.0

    def loss(self, logs: Array) -> float:
        """Minus the mean log-likelihood per customer, plus the pull of the prior."""
        pull = 0.5 * self.prior_weight * float(np.sum((logs - self.centre) ** 2))
        return (pull - self.total(logs)) / float(self.weights.sum())

    def total(self, logs: Array) -> float:
        """The log-likelihood of all rows; minus infinity where the numbers overflow."""
        with np.errstate(all="ignore"):
            value = float(self.weights @ self.log_likelihood(np.exp(logs), self.rows))
        return value if np.isfinite(value) else -np.inf

    @property
    def centre(self) -> Array:
        """Logarithms of the parameters to begin from."""
        return np.asarray(np.log(list(self.start.values())), dtype=np.float64)

    def thinned(self, n_rows: int) -> Problem:
        """The problem with about `n_rows` of its rows, taken at even distances."""
        step = max(1, len(self.weights) // n_rows)
        rows = tuple(column[::step] for column in self.rows)
        return replace(self, rows=rows, weights=self.weights[::step])


def maximise(problem: Problem) -> Fit:
    """Fit by maximum likelihood, or raise `FitError` saying why it did not work."""
    logs = problem.centre
    if len(problem.weights) > 2 * _ROWS_OF_A_ROUGH_SEARCH:
        with suppress(FitError):
            logs, _ = _climb(problem.thinned(_ROWS_OF_A_ROUGH_SEARCH), logs)
    logs, information = _climb(problem, logs)
    n = float(problem.weights.sum())
    covariance = np.asarray(np.linalg.inv(information) / n, dtype=np.float64)
    log_errors = np.sqrt(np.diag(covariance))
    if np.any(log_errors > _VAGUE):
        raise FitError(_runaway(problem, np.exp(logs), log_errors > _VAGUE))
    params = np.exp(logs)
    return Fit(
        params=dict(zip(problem.start, params.tolist(), strict=True)),
        standard_errors=dict(zip(problem.start, (params * log_errors).tolist(), strict=True)),
        log_likelihood=problem.total(logs),
        n_customers=round(n),
        log_covariance=covariance,
    )


def _climb(problem: Problem, logs: Array) -> tuple[Array, Array]:
    """Newton steps until no rise is left; the place and the information (-H per customer) there."""
    for _ in range(_MOST_STEPS):
        far = np.abs(logs - problem.centre) > _FURTHEST
        if far.any() and problem.prior_weight == 0:
            raise FitError(_runaway(problem, np.exp(logs), far))
        gradient, information = _gradient(problem.loss, logs), _curvature(problem.loss, logs)
        if not np.all(np.isfinite(information)):
            break
        step, smallest = _newton_step(gradient, information)
        rise = 0.5 * float(problem.weights.sum() * (gradient @ step))
        further = logs if rise < 1e-6 else _downhill(problem, logs, step)
        if further is logs:
            if smallest <= 0 or rise > 1e-3:
                break
            return logs, information
        logs = further
    raise FitError(_flat(problem, np.exp(logs)))


def _newton_step(gradient: Array, information: Array) -> tuple[Array, float]:
    """The step to the top of a parabola, at most `_LONGEST` long; and the smallest curvature.

    Where the likelihood is not yet a hill in some direction, the size of its curvature there is used, which
    leads uphill all the same.
    """
    sizes, axes = np.linalg.eigh(information)
    step = axes @ ((axes.T @ gradient) / np.maximum(np.abs(sizes), 1e-9))
    shorter = min(1.0, _LONGEST / max(float(np.linalg.norm(step)), 1e-300))
    return np.asarray(step * shorter, dtype=np.float64), float(sizes[0])


def _downhill(problem: Problem, logs: Array, step: Array) -> Array:
    """The first of the full step, a half, a quarter ... that lowers the loss; the same place if none does."""
    here = problem.loss(logs)
    for halvings in range(20):
        candidate = logs - step * 0.5**halvings
        if problem.loss(candidate) < here:
            return candidate
    return logs


def _gradient(loss: Callable[[Array], float], point: Array, width: float = 1e-5) -> Array:
    steps = np.eye(len(point)) * width
    return np.array([(loss(point + step) - loss(point - step)) / (2 * width) for step in steps])


def _curvature(loss: Callable[[Array], float], point: Array, width: float = 1e-3) -> Array:
    """Second derivatives by central differences: error about 1e-6 of the value, plus 1e-9 of rounding."""
    k = len(point)
    steps = np.eye(k) * width
    here = loss(point)
    both = np.array([loss(point + step) + loss(point - step) - 2 * here for step in steps])
    matrix = np.diag(both)
    for i in range(k):
        for j in range(i):
            diagonal = steps[i] + steps[j]
            pair = loss(point + diagonal) + loss(point - diagonal) - 2 * here
            matrix[i, j] = matrix[j, i] = (pair - both[i] - both[j]) / 2
    return matrix / width**2


def _runaway(problem: Problem, params: Array, which: npt.NDArray[np.bool_]) -> str:
    guilty = ", ".join(name for name, bad in zip(problem.start, which, strict=True) if bad)
    return (
        f"{problem.model}: the data of {problem.weights.sum():.0f} customers do not determine {guilty}; "
        f"the search stopped at {_shown(problem, params)}. {_WHAT_TO_DO}"
    )


def _flat(problem: Problem, params: Array) -> str:
    return (
        f"{problem.model}: the search did not converge; it stopped at {_shown(problem, params)}, where the "
        f"log-likelihood of these {problem.weights.sum():.0f} customers is flat. {_WHAT_TO_DO}"
    )


def _shown(problem: Problem, params: Array) -> str:
    return ", ".join(f"{name}={value:.4g}" for name, value in zip(problem.start, params, strict=True))


_WHAT_TO_DO = (
    "Usually there are too few customers or too few repeat purchases, or the customers do not differ in the "
    "way the model says. Use more customers or a longer past, look at the summary table for "
    "odd rows, or hold the parameters to usual sizes with .fit(..., prior_weight=1)."
)
