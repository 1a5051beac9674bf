"""The compiled heart of the simulator: addressed random numbers and the lives of customers.

The model, for customer i in period t (all parameters come from a scenario, see `world`):

- *Traits.* Segment g, channel c; purchase rate ~ Gamma(shape) x segment factor; spend level = gamma / Gamma(q) x
  segment factor, so that amounts are Gamma-Gamma (Fader, Hardie & Lee 2005); loyalty ~ Normal + shifts of g, c.
- *Stage.* One move a period along the base row of the present stage. The moves to a lower standing together
  have probability L; loyalty and retention efforts b shift it on the logit scale: logit L' = logit L - b.
  Within the losing and within the other moves the base proportions stay (a tilt in one direction, in the
  spirit of Netzer, Lattin & Srinivasan 2008).
- *Purchases.* Number ~ Poisson(rate x stage factor x season x (1 + lift)); times uniform in the period;
  amount = spend level x Gamma(p); category by shares; margin from the category.

*Luck has addresses.* A draw is a hash of (seed, replication, customer) and of (purpose, period, item). Draws are
coupled monotonically: one uniform per move with the worst outcomes first, Poisson numbers and amounts by
inversion. A policy that raises a rate therefore adds purchases and moves none.

All compiled functions stand in this one file, because the compiler's disk cache only notices changes of the file
that a function stands in; that is also why the file and the main function are longer than others.

References: Steele, Lea & Flood (2014), "Fast splittable pseudorandom number generators", for the hash.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from crmsim.engine.caching import choose_cache

choose_cache()  # before the compiler is imported, which reads its settings then

from numba import njit  # noqa: E402

Array = npt.NDArray[Any]

# Purposes: the first part of a draw's address. Never renumber one: it would change every run.
# (NumPy scalars, because the compiler would make a copy of every function for every plain Python number.)
ARRIVAL, CHANNEL, SEGMENT, RATE, SPEND, LOYALTY, REGION, AGE = (np.uint64(n) for n in range(1, 9))
MOVE, COUNT, EVENT, AMOUNT = (np.uint64(n) for n in range(16, 20))
FIRST = np.int64(0)
FOR_LIFE = np.int64(-1)
"""The replication that traits are drawn in: they are the same in all."""

OCTAVES, STEPS = 32, 128
"""Resolution of a quantile table: 128 steps in each halving of the tail probability, down to 2^-33."""
_LOW_BITS = np.int64(52 - 7)  # a double has 52 bits after the leading one; 7 of them tell 128 steps apart
_LOW_MASK = np.int64((1 << 45) - 1)
_LOW_UNIT = 2.0**-45
_TOP = np.int64(1022 << 7)  # the leading bits of 0.5
_LAST = np.int64(OCTAVES * STEPS)
CHUNK_RATE = 128.0
"""Largest Poisson mean drawn from one uniform; a larger one is a sum of several draws."""
MOST_SURE = 1.0 - 1e-12
"""Largest uniform that is inverted: above it, rounding of the summed probabilities could keep the sum below."""
MOST_PURCHASES = 100_000.0
"""Largest Poisson mean of a customer's period: offers multiply, and a slip must not fill the memory."""
MOST_MONEY = 1e11
"""Largest amount of a purchase, so that sums of cents stay within 64 bits."""
MOST_PUSH = 300.0
"""Largest shift on the logit scale; with more, odds would leave the range of a double."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


class World(NamedTuple):
    """A scenario as arrays. Stages S, channels C, segments G, periods T (with those beyond, for futures)."""

    seed: np.uint64
    arrival_cum: Array  # (T,) share of customers who have arrived by the end of each period
    channel_cum: Array  # (C,)
    channel_cost: Array  # (C,) cents
    channel_loyalty: Array  # (C,)
    segment_cum: Array  # (G,)
    segment_rate: Array  # (G,) purchases per period: factor x mean / mean of the quantile table
    segment_spend: Array  # (G,) money: factor x scale
    segment_loyalty: Array  # (G,)
    region_cum: Array
    age_cum: Array
    loyalty_sd: float
    rate_table: Array  # quantiles of Gamma(shape)
    spend_table: Array  # quantiles of Gamma(q)
    normal_table: Array  # quantiles of Normal(0, 1)
    amount_table: Array  # quantiles of Gamma(p)
    entry: int
    target: Array  # (S, S) stages in the order of drawing: losses worst first, then the others worst first
    target_cum: Array  # (S, S + 1) cumulative base share within the losses, then within the others; last: P(loss)
    n_losses: Array  # (S,) how many of a row's targets are losses
    final: Array  # (S,) nothing more happens in this stage: no move, no purchase, no cost
    stage_rate: Array  # (S,) factor on the purchase rate
    stage_cost: Array  # (S,) cents per period
    season: Array  # (T,)
    second: Array  # (T + 1,) first second of each period since 1970
    category_cum: Array
    category_guide: Array  # first guess for each 256th, see `pick_guided`
    category_margin: Array
    discount: Array  # (T,) present value of one unit of money in period t, seen from period 0


class Traits(NamedTuple):
    """What a customer is, fixed for life: one entry per customer in each array."""

    arrival: Array
    channel: Array
    segment: Array
    region: Array
    age: Array
    rate: Array
    spend: Array
    loyalty: Array


class Actions(NamedTuple):
    """What the firm does to each customer of a block: entries first[i] .. first[i + 1] - 1 belong to customer i."""

    first: Array
    start: Array  # period of the action and of its cost
    stop: Array  # first period without its effect
    lift: Array  # added share of the purchase rate
    discount: Array  # share of the price given away
    retention: Array  # added to loyalty, logit
    cost: Array  # cents per treated customer


class Rows(NamedTuple):
    """Transactions, one row each."""

    customer: Array
    period: Array
    second: Array
    cents: Array
    margin: Array
    category: Array


class Clock(NamedTuple):
    """Which periods are lived, with which luck."""

    start: int  # first period to live
    stop: int  # first period not to live
    branch: int  # from this period on, luck depends on the replication
    replication: int  # first replication
    n_replications: int  # how many futures; more than one only without writing rows


_entry = njit(nogil=True, cache=True, error_model="numpy", no_cfunc_wrapper=True)
_inner = njit(nogil=True, cache=True, error_model="numpy", no_cfunc_wrapper=True, no_cpython_wrapper=True)
"""Inner functions are only called by compiled code; leaving out their Python side halves their compilation."""


@_inner
def mix(z):  # type: ignore[no-untyped-def]
    """SplitMix64's finaliser: a bijection of 64 bits in which every input bit reaches every output bit."""
    z = (z ^ (z >> np.uint64(30))) * _MIX_1
    z = (z ^ (z >> np.uint64(27))) * _MIX_2
    return z ^ (z >> np.uint64(31))


@_inner
def luck(seed, replication, customer):  # type: ignore[no-untyped-def]
    """The key of one customer's luck in one replication; `FOR_LIFE` is the one for traits."""
    z = mix(seed + _GOLDEN)
    z = mix(z + _GOLDEN * np.uint64(replication + 2))
    return mix(z + _GOLDEN * np.uint64(customer + 1))


@_inner
def bits(key, purpose, period, item):  # type: ignore[no-untyped-def]
    """64 random bits at an address: output number (purpose, period, item) of the SplitMix64 stream of `key`."""
    address = (purpose << np.uint64(56)) | (np.uint64(period) << np.uint64(40)) | np.uint64(item)
    return mix(key + _GOLDEN * (address + np.uint64(1)))


@_inner
def uniform(key, purpose, period, item):  # type: ignore[no-untyped-def]
    """A number strictly between 0 and 1: the middles of 2^52 equal cells, each exact in a double."""
    return (np.float64(bits(key, purpose, period, item) >> np.uint64(12)) + 0.5) * 2.220446049250313e-16


@_inner
def quantile(table, u):  # type: ignore[no-untyped-def]
    """Quantile at u by linear interpolation in a table made by `world.quantile_table`, without a branch.

    The leading bits of the tail probability, read as a floating number, are the place in the table.
    """
    upper = np.int64(u > 0.5)
    leading = np.float64(min(u, 1.0 - u)).view(np.int64)
    node = min(_TOP - (leading >> _LOW_BITS), _LAST)
    rest = np.float64(leading & _LOW_MASK) * _LOW_UNIT
    far, near = table[upper, node + 1], table[upper, node]
    return far + (near - far) * rest


@_inner
def pick(cumulative, u):  # type: ignore[no-untyped-def]
    """Index of the first entry of `cumulative` that exceeds u; the last one if none does."""
    index = 0
    last = len(cumulative) - 1
    while index < last and u >= cumulative[index]:
        index += 1
    return index


@_inner
def pick_guided(cumulative, guide, u):  # type: ignore[no-untyped-def]
    """As `pick`, from a first guess: guide[int(u * len(guide))] never lies beyond the answer."""
    index = guide[int(u * len(guide))]
    while u >= cumulative[index]:
        index += 1
    return index


@_inner
def poisson(key, period, mean):  # type: ignore[no-untyped-def]
    """A Poisson number by inversion, monotone in `mean` for fixed luck."""
    mean = min(mean, MOST_PURCHASES)
    total = 0
    part = FIRST
    while mean > 0.0:
        lam = min(mean, CHUNK_RATE)
        mean -= lam
        u = min(uniform(key, COUNT, period, part), MOST_SURE)
        part += 1
        term = np.exp(-lam)
        below = term
        n = 0
        while u > below:
            n += 1
            term *= lam / n
            below += term
        total += n
    return total


@_inner
def push_of(hold):  # type: ignore[no-untyped-def]
    """What loyalty and retention efforts together multiply the odds of losing ground by."""
    return np.exp(-max(min(hold, MOST_PUSH), -MOST_PUSH))


@_inner
def move(n_losses, target, shares, stage, push, u):  # type: ignore[no-untyped-def]
    """The next stage; `push` = exp(-(loyalty + retention)) multiplies the odds of losing ground."""
    last = target.shape[1] - 1
    loss = shares[stage, last + 1]
    loss = push * loss / (1.0 - loss + push * loss)
    if u < loss:
        v, index, last = u / loss, 0, n_losses[stage] - 1
    else:
        v, index = (u - loss) / (1.0 - loss), n_losses[stage]
    while index < last and v >= shares[stage, index]:
        index += 1
    return target[stage, index]


@_inner
def sort_by_time(second, cents, margin, category, start, stop):  # type: ignore[no-untyped-def]
    """Sort the rows start .. stop - 1 by time: Shell's sort, which for a handful of rows is plain insertion."""
    gap = 1
    while gap < (stop - start) // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for row in range(start + gap, stop):
            when, paid, earned, kind = second[row], cents[row], margin[row], category[row]
            at = row
            while at - gap >= start and second[at - gap] > when:
                second[at], cents[at] = second[at - gap], cents[at - gap]
                margin[at], category[at] = margin[at - gap], category[at - gap]
                at -= gap
            second[at], cents[at], margin[at], category[at] = when, paid, earned, kind
        gap //= 3


@_entry
def draw_traits(customers, world, traits):  # type: ignore[no-untyped-def]
    """Fill `traits` for these customers; an arrival of len(arrival_cum) means: not within the periods of `world`."""
    for i in range(len(traits.arrival)):
        key = luck(world.seed, FOR_LIFE, customers[i])
        u = uniform(key, ARRIVAL, FIRST, FIRST)
        arrival = 0
        while arrival < len(world.arrival_cum) and u >= world.arrival_cum[arrival]:
            arrival += 1
        channel = pick(world.channel_cum, uniform(key, CHANNEL, FIRST, FIRST))
        segment = pick(world.segment_cum, uniform(key, SEGMENT, FIRST, FIRST))
        traits.arrival[i] = arrival
        traits.channel[i] = channel
        traits.segment[i] = segment
        traits.region[i] = pick(world.region_cum, uniform(key, REGION, FIRST, FIRST))
        traits.age[i] = pick(world.age_cum, uniform(key, AGE, FIRST, FIRST))
        traits.rate[i] = world.segment_rate[segment] * quantile(world.rate_table, uniform(key, RATE, FIRST, FIRST))
        level = quantile(world.spend_table, 1.0 - uniform(key, SPEND, FIRST, FIRST))
        traits.spend[i] = world.segment_spend[segment] / level
        traits.loyalty[i] = (
            world.loyalty_sd * quantile(world.normal_table, uniform(key, LOYALTY, FIRST, FIRST))
            + world.segment_loyalty[segment]
            + world.channel_loyalty[channel]
        )


@_entry
def live(begin, customers, traits, stages, world, actions, clock, rows, n_rows, stage_log, cents, value):  # type: ignore[no-untyped-def]
    """Live the customers begin, begin + 1, ... of a block; return (next customer, rows written).

    customers (n,) ids; traits (n,) each; stages (n,) stage before `clock.start`, -1 where not yet arrived;
    rows: room for transactions (empty: write none), of which n_rows are taken; stage_log (n, periods) or (0, 0);
    cents (n,): profit of the lived periods, undiscounted, of the last replication; value (n, 2): sum and sum of
    squares over replications of the profit discounted to `clock.start`, in money.
    Stops early, before a customer whose rows might not fit.
    """
    # Local names: taking an array out of a tuple counts references atomically, 5 ns each time.
    w_seed = world.seed
    w_final = world.final
    w_discount = world.discount
    w_entry = world.entry
    w_channel_cost = world.channel_cost
    w_stage_cost = world.stage_cost
    w_stage_rate = world.stage_rate
    w_season = world.season
    w_second = world.second
    w_category_cum = world.category_cum
    w_category_guide = world.category_guide
    w_amount_table = world.amount_table
    w_category_margin = world.category_margin
    a_first = actions.first
    a_start = actions.start
    a_cost = actions.cost
    a_stop = actions.stop
    a_lift = actions.lift
    a_discount = actions.discount
    a_retention = actions.retention
    r_cents = rows.cents
    r_second = rows.second
    r_margin = rows.margin
    r_category = rows.category
    r_customer = rows.customer
    r_period = rows.period
    t_arrival = traits.arrival
    t_channel = traits.channel
    t_loyalty = traits.loyalty
    t_rate = traits.rate
    t_spend = traits.spend
    w_n_losses = world.n_losses
    w_target = world.target
    w_target_cum = world.target_cum
    writing = len(r_cents) > 0
    logging = len(stage_log) > 0
    for i in range(begin, len(customers)):
        customer = customers[i]
        row_of_customer = n_rows
        steady = push_of(t_loyalty[i])
        for future in range(clock.n_replications):
            old_luck = luck(w_seed, FIRST, customer)
            new_luck = luck(w_seed, clock.replication + future, customer)
            stage = np.int64(stages[i])
            profit = 0
            present = 0.0
            for period in range(max(clock.start, t_arrival[i]), clock.stop):
                key = new_luck if period >= clock.branch else old_luck
                earned = 0
                lift, price, retention = 1.0, 1.0, 0.0
                for a in range(a_first[i], a_first[i + 1]):
                    if a_start[a] == period:
                        earned -= a_cost[a]
                    if t_arrival[i] <= a_start[a] <= period < a_stop[a]:  # whoever comes later is not reached
                        lift *= 1.0 + a_lift[a]
                        price *= 1.0 - a_discount[a]
                        retention += a_retention[a]
                if stage >= 0 and w_final[stage]:
                    if logging:
                        stage_log[i, period - clock.start] = stage
                    profit += earned
                    present += earned * w_discount[period - clock.start]
                    continue
                if stage < 0:
                    stage = np.int64(w_entry)
                    earned -= w_channel_cost[t_channel[i]]
                else:
                    push = steady if retention == 0.0 else push_of(t_loyalty[i] + retention)
                    u = uniform(key, MOVE, period, FIRST)
                    stage = move(w_n_losses, w_target, w_target_cum, stage, push, u)
                if logging:
                    stage_log[i, period - clock.start] = stage
                earned -= w_stage_cost[stage]

                mean = t_rate[i] * w_stage_rate[stage] * w_season[period] * lift
                n = poisson(key, period, mean) if mean > 0.0 else 0
                if writing and n_rows + n > len(r_cents):
                    return i, row_of_customer
                length = w_second[period + 1] - w_second[period]
                for item in range(n):
                    event = bits(key, EVENT, period, item)
                    share = np.float64(event & np.uint64(0xFFFFFFFF)) * 2.3283064365386963e-10
                    category = pick_guided(w_category_cum, w_category_guide, share)
                    full = t_spend[i] * quantile(w_amount_table, uniform(key, AMOUNT, period, item))
                    full = min(full, MOST_MONEY)
                    goods = np.int64(full * (1.0 - w_category_margin[category]) * 100.0 + 0.5)
                    paid = max(np.int64(full * price * 100.0 + 0.5), 1)
                    earned += paid - goods
                    if writing:
                        when = w_second[period] + np.int64(
                            ((event >> np.uint64(32)) * np.uint64(length)) >> np.uint64(32)
                        )
                        at = n_rows + item
                        r_second[at] = when
                        r_cents[at] = paid
                        r_margin[at] = paid - goods
                        r_category[at] = category
                        r_customer[at] = customer
                        r_period[at] = period
                if writing:
                    if n > 1:
                        sort_by_time(r_second, r_cents, r_margin, r_category, n_rows, n_rows + n)
                    n_rows += n
                profit += earned
                present += earned * w_discount[period - clock.start]
            cents[i] = profit
            value[i, 0] += present * 0.01
            value[i, 1] += (present * 0.01) ** 2
    return len(customers), n_rows
