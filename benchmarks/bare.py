"""The floor below the kernel with all phenomena: the same random numbers, the same bytes, and nothing else.

For each customer the traits are drawn; for each month lived a move, a number of purchases, of contacts and of
referrals, and, when something was experienced, quality, surprise and survey; for each purchase its moment and its
amount; for each contact its moment, reason, channel, agent, waiting and handling. Numbers are drawn as they are
distributed (Poisson by inversion about each customer's own mean, Gamma and Normal by their tables, exponential by the
logarithm), with the kernel's own functions and the counts of a run that is known already; nothing is decided, added up
or looked up, and rows are written in full.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from crmsim.engine import blocks, kernel
from crmsim.engine.blocks import Block
from crmsim.engine.world import Setting

N_TRAITS, N_QUANTILES, N_TIMES = 19, 7, 2
"""Draws of traits for each customer; so many of them from a table of quantiles, and so many exponential ones."""
COUNTS = np.dtype([("months", "i8"), ("busy", "i8"), ("rows", "i8"), ("contacts", "i8"), ("answers", "i8")])


def counts_of(block: Block, final: int) -> Any:
    """How much happens to each customer of a block."""
    counts = np.zeros(len(block.customers), dtype=COUNTS)
    lived = (block.stage_log >= 0) & (block.stage_log != final)
    counts["months"] = lived.sum(axis=1)
    order = np.argsort(block.customers)
    for name in ("rows", "contacts", "answers"):
        at = order[np.searchsorted(block.customers[order], getattr(block, name)["customer"])]
        counts[name] = np.bincount(at, minlength=len(counts))
    at = order[np.searchsorted(block.customers[order], block.rows["customer"])]
    counts["busy"] = np.bincount(np.unique(np.stack([at, block.rows["period"]]), axis=1)[0], minlength=len(counts))
    return counts


def floor(setting: Setting, known: list[Any], n_periods: int, *, threads: int) -> None:
    """Draw and write what `known`, one table of counts for each block, says has to be."""

    def block(number: int) -> Any:
        counts = known[number]
        n = len(counts)
        logs = np.empty((2, n, n_periods), dtype=np.int8)
        kinds = ((kernel.ROW, "rows"), (kernel.CONTACT_ROW, "contacts"), (kernel.ANSWER, "answers"))
        rows, contacts, answers = (np.empty(int(counts[name].sum()), dtype=kind) for kind, name in kinds)
        traits, sums = np.empty(n, dtype=kernel.TRAITS), np.zeros(n, dtype=kernel.SUMS)
        draw_and_write(counts, setting.rules, setting.numbers, traits, logs, rows, contacts, answers, sums)
        return logs, rows, contacts, answers, traits, sums

    list(blocks.in_threads(block, len(known), threads=threads))


@njit(nogil=True, error_model="numpy", _nrt=False)
def draw_and_write(counts, rules, numbers, traits, logs, rows, contacts, answers, sums):  # type: ignore[no-untyped-def]
    """The draws and the bytes of one block."""
    rule, first = rules[0], kernel.FIRST
    row = contact = answer = first
    for i in range(len(counts)):
        count, who, total = counts[i], traits[i], 0.0
        key = kernel.luck(rule.seed, kernel.FOR_LIFE, np.uint64(i))
        for k in range(N_TRAITS):
            u = kernel.uniform(key, np.uint64(k), first, first)
            if k < N_QUANTILES:
                u = kernel.quantile(numbers, rule.at_normal, u)
            elif k < N_QUANTILES + N_TIMES:
                u = -math.log(u)
            total += u
        who.rate, who.spend, who.loyalty, who.leaving, who.chance = total, total, total, total, total
        who.arrival, who.channel, who.segment, who.region, who.age, who.home = i, i, i, i, i, i
        key = kernel.luck(rule.seed, first, np.uint64(i))
        for t in range(logs.shape[2]):
            logs[0, i, t], logs[1, i, t] = t, t
        mean = count.rows / max(1, count.months)
        for t in range(count.months):
            total += kernel.uniform(key, kernel.MOVE, t, first)
            total += kernel.poisson(key, kernel.COUNT, t, mean)
            total += kernel.poisson(key, kernel.CONTACTS, t, rule.contact_rate)
            total += kernel.poisson(key, kernel.REFER, t, rule.referrals)
        for t in range(count.busy):
            total += kernel.quantile(numbers, rule.at_normal, kernel.uniform(key, kernel.QUALITY, t, first))
            total += kernel.uniform(key, kernel.SURPRISE, t, first) + kernel.uniform(key, kernel.SURVEY, t, first)
        for k in range(count.rows):
            event = kernel.bits(key, kernel.EVENT, first, k)
            amount = kernel.quantile(numbers, rule.at_amount, kernel.uniform(key, kernel.AMOUNT, first, k))
            cents = np.int64(amount * 100.0)
            entry = rows[row]
            entry.customer, entry.period, entry.category, entry.second = i, k, event, event
            entry.cents, entry.margin, entry.given = cents, cents, cents
            row += 1
        for k in range(count.contacts):
            note = contacts[contact]
            event = kernel.bits(key, kernel.EVENT, first, k)
            note.customer, note.period, note.resolved, note.second = i, k, k, event
            note.reason = kernel.uniform(key, kernel.SEVERITY, first, k) < 0.5
            note.channel = kernel.uniform(key, kernel.CONTACT, first, k) < 0.5
            note.agent = kernel.bits(key, kernel.CONTACT, first, k)
            note.waiting = -math.log(kernel.uniform(key, kernel.WAITING, first, k))
            note.handling = -math.log(kernel.uniform(key, kernel.HANDLING, first, k))
            note.reply = 0
            contact += 1
        for _ in range(count.answers):
            said = answers[answer]
            said.customer, said.period = i, answer
            total = 0.0
            for k in range(3):
                total += kernel.quantile(numbers, rule.at_normal, kernel.uniform(key, kernel.NOISE, first, k))
            said.satisfaction, said.expected, said.perceived = total, total, total
            answer += 1
        sums[i].cents = np.int64(total)
