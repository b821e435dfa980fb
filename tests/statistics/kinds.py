"""Kinds of published cases, each as the SQL that answers it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Case = dict[str, Any]

OF_REPORTS = re.compile("attribution|cumulative|engaged|funnel|retention|sessions|windowFunnel")
NOT_OFFERED = re.compile("msprt")


def sql(kind: str, given: Case) -> str:
    """The expression that answers a case of a kind: the longest name that the kind begins with."""
    name = max((name for name in KINDS if kind.startswith(name)), key=len)
    return KINDS[name](given | {"kind": kind})


def _call(function: str, *names: str) -> Callable[[Case], str]:
    """A function of arguments that a case has under these names; `k[0]` is the first of k."""

    def build(given: Case) -> str:
        return f"{function}({', '.join(_argument(given, name) for name in names)})"

    return build


def _argument(given: Case, name: str) -> str:
    name, _, place = name.partition("[")
    value = given.get(name, name)
    return str(value[int(place.rstrip("]"))] if place else value)


def _arm(arm: Case) -> str:
    """n, mean, variance of an arm from what is known of it."""
    n = arm["n"]
    if "d" in arm:
        sums = ", ".join(str(arm[name]) for name in ("m", "mm", "d", "dd", "md"))
        return f"{n}, {arm['m']} / {arm['d']}, stat_ratio_variance({n}, {sums})"
    total = arm["sum"]
    if "sum_squares" in arm:
        variance = f"stat_sample_variance({n}, {total}, {arm['sum_squares']})"
    else:
        variance = f"stat_proportion_variance({total}, {n})"
    return f"{n}, {total} / {n}, {variance}"


def _arms(function: str, *more: str) -> Callable[[Case], str]:
    """A function of both arms and of further arguments of the case."""

    def build(given: Case) -> str:
        arguments = [_arm(given["control"]), _arm(given["treatment"])]
        arguments += [_argument(given, name) for name in more]
        return f"{function}({', '.join(arguments)})"

    return build


def _raw(given: Case) -> str:
    """(t, p) of Welch's test of x minus y: x is the treatment."""
    arms = [
        f"{len(values)}, {sum(values)} / {len(values)}, "
        f"stat_sample_variance({len(values)}, {sum(values)}, {sum(v * v for v in values)})"
        for values in (given["y"], given["x"])
    ]
    test = f"stat_welch({', '.join(arms)}, 0.05)"
    return f"({test}.1 / {test}.4, {test}.5)"


def _prior(given: Case) -> str:
    mean, variance = re.findall(r"[\d.]+", given["kind"])
    return _arms("stat_gaussian_chance_to_win", "0.05", mean, variance)(given)


def _sums(given: Case) -> str:
    names = ("n", "sum", "sum_squares", "cov_sum", "cov_sum_squares", "sum_product")
    arguments = [str(given[arm][name]) for arm in ("control", "treatment") for name in names]
    return f"stat_cuped({', '.join(arguments)})"


def _limits(given: Case) -> str:
    difference = _call("stat_newcombe_difference", "k[0]", "n[0]", "k[1]", "n[1]", "0.05")(given)
    return f"({difference}.2, {difference}.3)"


def _pooled_p(given: Case) -> str:
    return TWO_PROPORTIONS(given) + ".2"


TWO_PROPORTIONS = _call("stat_two_proportions", "k[0]", "n[0]", "k[1]", "n[1]")

KINDS: dict[str, Callable[[Case], str]] = {
    "agresti_coull": _call("stat_agresti_coull_interval", "actions", "impressions", "0.05"),
    "asymp_cs_absolute": _arms("stat_sequential", "0.05", "nstar"),
    "asymp_cs_relative": _arms("stat_sequential_relative", "0.05", "nstar"),
    "benjamini_hochberg": _call("stat_benjamini_hochberg", "p"),
    "beta_binomial_P(B>A)": _call("stat_chance_to_win", "A[0]", "A[1]", "B[0]", "B[1]"),
    "chi2_gof": _call("stat_goodness_of_fit", "obs", "exp"),
    "ctw_gaussian_flat": _arms("stat_gaussian_chance_to_win", "0.05", "0", "inf"),
    "ctw_gaussian_prior": _prior,
    "cuped_absolute": _sums,
    "holm": _call("stat_holm", "p"),
    "k_prop_chi2": _call("stat_proportions_chi_square", "k", "n"),
    "newcombe_diff": _limits,
    "ratio_delta": _arms("stat_welch_relative", "0.05"),
    "sequential_srm_p": _call("stat_sequential_sample_ratio_p", "counts", "theta", "k"),
    "srm_chi2_p": _call("stat_sample_ratio_p", "users", "weights"),
    "student_from_stats": _call(
        "stat_student_pooled", "n[0]", "mean[0]", "var[0]", "n[1]", "mean[1]", "var[1]"
    ),
    "two_prop": TWO_PROPORTIONS,
    "two_prop_pooled_p": _pooled_p,
    "wald_diff": _call("stat_wald_difference", "k[0]", "n[0]", "k[1]", "n[1]", "0.05"),
    "welch_absolute": _arms("stat_welch", "0.05"),
    "welch_raw": _raw,
    "welch_relative": _arms("stat_welch_relative", "0.05"),
    "wilson": _call("stat_wilson_interval", "k", "n", "0.05"),
}
