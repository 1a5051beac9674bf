"""The compiled heart of the simulator: addressed random numbers and the lives of customers.

The model, for customer i in period t (all parameters come from a scenario, see `world`):

- *Traits.* Segment g, channel c; purchase rate ~ Gamma x segment factor; spend level = gamma / Gamma(q) x segment
  factor, so that amounts are Gamma-Gamma (Fader, Hardie & Lee 2005); loyalty ~ Normal + shifts of g and c.
- *Stage.* One move a period along the base row of the present stage. The moves to a lower standing together have
  probability L; loyalty, satisfaction and what the firm does shift it on the logit scale by b: logit L' = logit L - b.
  Within the losing and within the other moves the base proportions stay (a tilt in one direction, in the spirit of
  Netzer, Lattin & Srinivasan 2008). Besides, a customer may drop out unseen: after a purchase (BG/NBD), at a
  constant hazard (Pareto/NBD), or at the start of a period (BG/BB, shifted-beta-geometric).
- *Purchases.* Number ~ Poisson(rate x stage x season x (1 + lift) x exp(a x satisfaction) x price^-elasticity);
  times uniform in the period; amount = spend level x Gamma(p); category by the customer's home category and the
  affinity matrix. Or one purchase with a fixed chance, a bill (then the price does not move purchases, but the odds
  of losing ground by price^elasticity), or a household's stock that runs out.
- *Service.* Some purchases have a problem; some of those customers complain; complaints are resolved or not, fast or
  slowly. Other contacts come at constant rates. Waiting and handling times are exponential.
- *Satisfaction* = perceived - expected, remembered with weight m; expectation moves towards what was perceived
  (Oliver 1980). A problem's end (silent, unresolved, resolved, resolved fast) adds its own shock.
- *Word of mouth.* Active customers refer others at a rate that rises with satisfaction; who is referred arrives in the
  next period and lives a life of its own.

*Luck has addresses.* A draw is a hash of (seed, replication, customer) and of (purpose, period, item). Draws are
coupled monotonically: one uniform per move with the worst outcomes first, Poisson numbers and amounts by
inversion. A policy that raises a rate therefore adds purchases and moves none. A referred customer's luck hangs on
who referred it and when, not on how many others there are.

All compiled functions stand in this one file, because the compiler's disk cache only notices changes of the file
that a function stands in; that is also why the file and the main function are longer than others.

References: Steele, Lea & Flood (2014), "Fast splittable pseudorandom number generators", for the hash.
"""

from __future__ import annotations

import math
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
MOVE, COUNT, EVENT, AMOUNT, DROPOUT, HERE, STOCK = (np.uint64(n) for n in range(16, 23))
SEVERITY, COMPLAIN, RESOLVE, REPLY, CONTACTS, CONTACT, WAITING, HANDLING = (np.uint64(n) for n in range(32, 40))
QUALITY, SURPRISE, SURVEY, NOISE, REFER, CHILD = (np.uint64(n) for n in range(48, 54))
HOME, LEAVING, CHANCE, ELASTICITY, SENSITIVITY, PATIENCE, COMPANY, MONEY, AUTHORITY, NEED, PEOPLE_AT_HOME = (
    np.uint64(n) for n in range(64, 75)
)
FIRST = np.int64(0)
FOR_LIFE = np.int64(-1)
"""The replication that traits are drawn in: they are the same in all."""
FIRST_PURCHASE = np.int64(1 << 30)
"""The item number of the purchase with which a customer arrives."""

POISSON, CHANCE_BUYING, CONTRACT, STOCK_BUYING = range(4)
NO_DROPOUT, AFTER_PURCHASE, HAZARD, EACH_PERIOD = range(4)
BY_CHANCE, BY_SATISFACTION, BY_FIRM, BY_DROPOUT = range(4)
"""True causes of a move: it would have happened anyway; satisfaction; what the firm did; the customer dropped out."""

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
MOST_ITEMS = 16_384
"""Purchases of one customer in one period, at most; scenarios are checked to stay far below."""
MOST_PURCHASES = 12_000.0
"""Largest Poisson mean of a customer's period: offers multiply, and a slip must not fill the memory."""
MOST_MONEY = 1e11
"""Largest amount of a purchase, so that sums of cents stay within 64 bits."""
MOST_PUSH = 300.0
"""Largest shift on the logit scale; with more, odds would leave the range of a double."""
MOST_TALK = 2.0
"""Largest effect of satisfaction on the logarithm of the rate of referrals."""

GUIDE = np.int64(256)
"""Cells of the guide to the categories."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_REFERRED = np.uint64(1 << 63)


def _record(**columns: str) -> np.dtype[Any]:
    """A row of named columns. One array of rows compiles several times faster than one array per column."""
    return np.dtype(list(columns.items()))


STAGE = _record(
    rate="f8",  # factor on the purchase rate
    cents="i8",  # reward less service cost, per period
    n_losses="i8",  # how many of its moves lead to a lower standing
    final="i8",  # 1: nothing more happens in this stage
)
PERIOD = _record(
    start="i8",  # first second since 1970
    length="i8",  # seconds
    season="f8",  # factor on the purchase rate
    price="f8",  # price level
    waiting="f8",  # factor on waiting times
    skill="f8",  # factor on the share of complaints that are resolved
    reply="f8",  # factor on the hours to the first reply
    scheme="f8",  # 1: the loyalty scheme runs
    discount="f8",  # present value of one unit of money so many periods later
)
TRAITS = _record(  # what a customer is, fixed for life
    arrival="i8", channel="i8", segment="i8", region="i8", age="i8", home="i8", rate="f8", spend="f8", loyalty="f8",
    leaving="f8", chance="f8", elasticity="f8", sensitivity="f8", patience="f8", company="i1", money="i1",
    authority="i1", need="i1", people="i4",
)  # fmt: skip
ACTION = _record(  # what the firm does to a customer
    start="i8",  # period of the action and of its cost
    stop="i8",  # first period without its effect
    lift="f8",  # added share of the purchase rate
    discount="f8",  # share of the price given away
    retention="f8",  # added to loyalty, logit
    touch="f8",  # added to satisfaction when it starts
    cents="i8",  # cost
)
PEOPLE = _record(  # what traits are drawn from; names with at_ say where in `numbers` a table begins
    seed="u8",
    n_arrivals="i8",  # periods
    at_arrival="i8",  # share of customers who have arrived by the end of each period
    n_channels="i8",
    at_channel="i8",  # cumulative shares
    at_channel_loyalty="i8",
    n_segments="i8",
    at_segment="i8",  # cumulative shares
    at_segment_rate="i8",  # purchases per period: factor x scale of the Gamma distribution
    at_segment_spend="i8",  # money: factor x scale
    at_segment_loyalty="i8",
    at_segment_need="i8",  # factor on the share that has a need
    n_regions="i8",
    at_region="i8",
    n_ages="i8",
    at_age="i8",
    n_categories="i8",
    at_home="i8",  # cumulative shares of home categories
    at_rate="i8",  # quantiles, see `quantile`
    at_spend="i8",
    at_normal="i8",
    at_leaving="i8",  # drop-out probability or rate
    at_chance="i8",
    loyalty_mean="f8",
    loyalty_sd="f8",
    elasticity_mean="f8",
    elasticity_sd="f8",
    sensitivity_mean="f8",
    sensitivity_sd="f8",
    patience_minutes="f8",
    company_share="f8",
    money="f8",
    authority="f8",
    need="f8",
    people_mean="f8",
    referral_channel="i8",
    referral_loyalty="f8",
)
RULES = _record(  # the numbers of a scenario that are neither per stage nor per period; at_: as in PEOPLE
    seed="u8",
    n_stages="i8",
    at_moves="i8",  # per stage: cumulative shares, targets, probability of a loss; see `move`
    at_channel_cost="i8",  # cents per new customer
    at_amount="i8",  # quantiles of Gamma(p)
    at_normal="i8",
    n_categories="i8",
    at_category="i8",  # per home category: cumulative shares
    at_guide="i8",  # per home category: first guess for each 256th, see `pay`
    at_category_cost="i8",  # share of the price
    n_reasons="i8",
    at_reason="i8",  # cumulative shares
    n_desks="i8",
    at_desk="i8",  # cumulative shares of service channels
    at_desk_cost="i8",  # per service channel: minutes of waiting, minutes of handling, cents
    at_recovery="i8",  # minor, major x silent, unresolved, resolved, fast
    entry="i8",
    gone="i8",  # the stage of those who have dropped out
    buying="i8",
    every_periods="i8",
    first_purchase="i8",
    fixed_amount="f8",  # > 0: every amount is this many spend levels
    dropout="i8",
    here_share="f8",
    stock_kg="f8",
    kg_per_person="f8",
    service="i8",
    n_agents="i8",
    problem_share="f8",
    major_share="f8",
    complain_minor="f8",
    complain_major="f8",
    resolved_share="f8",
    reply_hours="f8",
    fast_hours="f8",
    contact_rate="f8",
    satisfaction="i8",
    quality="f8",
    quality_sd="f8",
    waiting="f8",
    surprise_share="f8",
    surprise="f8",
    expectation="f8",
    learning="f8",
    memory="f8",
    on_loyalty="f8",
    on_purchases="f8",
    survey_share="f8",
    survey_middle="f8",
    survey_unit="f8",
    survey_noise="f8",
    referrals="f8",
    on_referrals="f8",
    tells_satisfied="f8",
    tells_dissatisfied="f8",
    scheme_threshold="f8",  # cents; 0: no scheme
    scheme_decay="f8",
    scheme_loyalty="f8",
    scheme_reward="f8",
)
LIFE = _record(  # a customer as it stands; the second part only serves within a period
    stage="i8", left="i8", mood="f8", expectation="f8", points="f8", stock_end="f8", profit="i8", present="f8",
    appetite="f8",  # what the mood multiplies purchases by
    hold="f8", push="f8",  # as last computed, see `push_of`
    earned="i8", lift="f8", price="f8", retention="f8", touch="f8", member="i8", shock="f8", wait="f8", waited="f8",
    n_waits="i8", perceived="f8", expected="f8", hours="f8", resolved="i8",
)  # fmt: skip
ROW = _record(customer="i8", second="i8", cents="i8", margin="i8", given="i8", period="i2", category="i1")
CONTACT_ROW = _record(  # waiting and handling in seconds; reply: minutes to the first reply to a complaint
    customer="i8", second="i8", waiting="i4", handling="i4", reply="i4", agent="i4", period="i2", reason="i1",
    channel="i1", resolved="i1",
)  # fmt: skip
ANSWER = _record(customer="i8", period="i2", satisfaction="i1", expected="i1", perceived="i1")  # scores 1 to 5
BIRTH = _record(parent="i8", name="u8", period="i2")  # a referral; parent: position in the block
SUMS = _record(  # what comes of a life; value: sum and sum of squares over replications of the discounted profit, money
    cents="i8", value="f8", value_squared="f8", mood="f8", told_good="f8", told_bad="f8", stage="i8",
)  # fmt: skip


class Clock(NamedTuple):
    """Which periods are lived, with which luck, and which count."""

    stop: int  # first period not to live
    branch: int  # before this period all futures share one past
    past: int  # replication of the past
    replication: int  # first replication of the futures
    n_replications: int  # how many futures; more than one only without writing rows
    count_from: int  # first period whose money counts in the value; discounting starts there


CLOCK = _record(**dict.fromkeys(Clock._fields, "i8"))

# These functions do not count references to arrays, all of which are borrowed from the caller: counting took a third
# of the time. Inner ones have no side for Python, which would double their compilation; those that are small, or have
# one caller, are put into their callers, because a call hands over each array as seven numbers.
_how = {"nogil": True, "cache": True, "error_model": "numpy", "no_cfunc_wrapper": True, "_nrt": False}
_entry = njit(**_how)
_inner = njit(**_how, no_cpython_wrapper=True)
_inlined = njit(**_how, no_cpython_wrapper=True, forceinline=True)


@_inner
def mix(z):  # type: ignore[no-untyped-def]
    """SplitMix64's finaliser: a bijection of 64 bits in which every input bit reaches every output bit."""
    z = (z ^ (z >> np.uint64(30))) * _MIX_1
    z = (z ^ (z >> np.uint64(27))) * _MIX_2
    return z ^ (z >> np.uint64(31))


@_inner
def luck(seed, replication, name):  # type: ignore[no-untyped-def]
    """The key of one customer's luck in one replication; `FOR_LIFE` is the one for traits."""
    z = mix(seed + _GOLDEN)
    z = mix(z + _GOLDEN * np.uint64(replication + 2))
    return mix(z + _GOLDEN * (name + np.uint64(1)))


@_inner
def bits(key, purpose, period, item):  # type: ignore[no-untyped-def]
    """64 random bits at an address: output number (purpose, period, item) of the SplitMix64 stream of `key`."""
    address = (purpose << np.uint64(56)) | (np.uint64(period) << np.uint64(40)) | np.uint64(item)
    return mix(key + _GOLDEN * (address + np.uint64(1)))


@_inlined
def look(numbers, place):  # type: ignore[no-untyped-def]
    """An entry of `numbers`; as an unsigned number, a place need not be asked whether it counts from the end."""
    return numbers[np.uint64(place)]


@_inlined
def uniform(key, purpose, period, item):  # type: ignore[no-untyped-def]
    """A number strictly between 0 and 1: the middles of 2^52 equal cells, each exact in a double."""
    return (np.float64(bits(key, purpose, period, item) >> np.uint64(12)) + 0.5) * 2.220446049250313e-16


@_inlined
def quantile(numbers, at, u):  # type: ignore[no-untyped-def]
    """Quantile at u by linear interpolation in a table of `quantiles.quantile_table`, without a branch.

    The leading bits of the tail probability, read as a floating number, are the place in the table.
    """
    leading = np.float64(min(u, 1.0 - u)).view(np.int64)
    node = at + np.int64(u > 0.5) * (_LAST + 2) + min(_TOP - (leading >> _LOW_BITS), _LAST)
    rest = np.float64(leading & _LOW_MASK) * _LOW_UNIT
    far = look(numbers, node + 1)
    return far + (look(numbers, node) - far) * rest


@_inner
def pick(numbers, at, n, u):  # type: ignore[no-untyped-def]
    """Index of the first of n cumulative shares that exceeds u; the last one if none does."""
    index = FIRST
    while index < n - 1 and u >= look(numbers, at + index):
        index += 1
    return index


@_inlined
def poisson(key, purpose, period, mean):  # type: ignore[no-untyped-def]
    """A Poisson number by inversion, monotone in `mean` for fixed luck."""
    mean = min(mean, MOST_PURCHASES)
    total = FIRST
    part = FIRST
    while mean > 0.0:
        lam = min(mean, CHUNK_RATE)
        mean -= lam
        u = min(uniform(key, purpose, period, part), MOST_SURE)
        part += 1
        if u > 1.0 - lam:  # else it is below exp(-lam), too
            term = math.exp(-lam)
            below = term
            n = FIRST
            while u > below:
                n += 1
                term *= lam / n
                below += term
            total += n
    return total


@_inlined
def move(numbers, at, n_stages, n_losses, push, u):  # type: ignore[no-untyped-def]
    """The next stage. `push` multiplies the odds of losing ground, which the first `n_losses` moves of the row do.

    The row begins `at`: cumulative shares (of the losses, then of the others), targets, probability of a loss.
    """
    loss = look(numbers, at + 2 * n_stages)
    loss = push * loss / (1.0 - loss + push * loss)
    v, total, index, last = u, loss, FIRST, n_losses - 1
    if u >= loss:
        v, total, index, last = u - loss, 1.0 - loss, n_losses, n_stages - 1
    while index < last and v >= look(numbers, at + index) * total:
        index += 1
    return np.int64(look(numbers, at + n_stages + index))


@_inner
def push_of(hold):  # type: ignore[no-untyped-def]
    """What loyalty, satisfaction and what the firm does together multiply the odds of losing ground by."""
    return math.exp(-max(min(hold, MOST_PUSH), -MOST_PUSH))


@_inner
def draw_trait(numbers, at_normal, mean, sd, key, purpose):  # type: ignore[no-untyped-def]
    """A trait ~ Normal(mean, sd), within four standard deviations."""
    z = quantile(numbers, at_normal, uniform(key, purpose, FIRST, FIRST))
    return mean + sd * max(-4.0, min(4.0, z))


@_entry
def draw_traits(names, arrivals, people, numbers, traits):  # type: ignore[no-untyped-def]
    """Fill `traits` for these customers.

    arrivals (n,): the period in which each arrives where it was referred, -1 where its own luck decides; an arrival
    of `n_arrivals` means: not within the periods of `people`, which is one record of PEOPLE.
    """
    all_of = people[0]
    for i in range(len(names)):
        who = traits[i]
        key = luck(all_of.seed, FOR_LIFE, names[i])
        who.arrival = arrivals[i]
        channel = pick(numbers, all_of.at_channel, all_of.n_channels, uniform(key, CHANNEL, FIRST, FIRST))
        loyalty = look(numbers, all_of.at_channel_loyalty + channel)
        if arrivals[i] >= 0:
            channel, loyalty = all_of.referral_channel, all_of.referral_loyalty
        else:
            u = uniform(key, ARRIVAL, FIRST, FIRST)
            who.arrival = pick(numbers, all_of.at_arrival, all_of.n_arrivals + 1, u)
        segment = pick(numbers, all_of.at_segment, all_of.n_segments, uniform(key, SEGMENT, FIRST, FIRST))
        who.channel = channel
        who.segment = segment
        who.region = pick(numbers, all_of.at_region, all_of.n_regions, uniform(key, REGION, FIRST, FIRST))
        who.age = pick(numbers, all_of.at_age, all_of.n_ages, uniform(key, AGE, FIRST, FIRST))
        who.home = pick(numbers, all_of.at_home, all_of.n_categories, uniform(key, HOME, FIRST, FIRST))
        rate = quantile(numbers, all_of.at_rate, uniform(key, RATE, FIRST, FIRST))
        who.rate = look(numbers, all_of.at_segment_rate + segment) * rate
        level = quantile(numbers, all_of.at_spend, 1.0 - uniform(key, SPEND, FIRST, FIRST))
        who.spend = look(numbers, all_of.at_segment_spend + segment) / level
        own = draw_trait(numbers, all_of.at_normal, all_of.loyalty_mean, all_of.loyalty_sd, key, LOYALTY)
        who.loyalty = own + look(numbers, all_of.at_segment_loyalty + segment) + loyalty
        who.leaving = quantile(numbers, all_of.at_leaving, uniform(key, LEAVING, FIRST, FIRST))
        who.chance = quantile(numbers, all_of.at_chance, uniform(key, CHANCE, FIRST, FIRST))
        own = draw_trait(numbers, all_of.at_normal, all_of.elasticity_mean, all_of.elasticity_sd, key, ELASTICITY)
        who.elasticity = max(0.0, own)
        own = draw_trait(numbers, all_of.at_normal, all_of.sensitivity_mean, all_of.sensitivity_sd, key, SENSITIVITY)
        who.sensitivity = max(0.0, own)
        who.patience = waiting_time(key, PATIENCE, FIRST, FIRST, all_of.patience_minutes)
        who.company = uniform(key, COMPANY, FIRST, FIRST) < all_of.company_share
        who.money = uniform(key, MONEY, FIRST, FIRST) < all_of.money
        who.authority = uniform(key, AUTHORITY, FIRST, FIRST) < all_of.authority
        need = all_of.need * look(numbers, all_of.at_segment_need + segment)
        who.need = uniform(key, NEED, FIRST, FIRST) < min(1.0, need)
        extra = waiting_time(key, PEOPLE_AT_HOME, FIRST, FIRST, all_of.people_mean - 1.0)
        who.people = min(50, 1 + np.int64(extra + 0.5))


@_inner
def moment(start, length, event):  # type: ignore[no-untyped-def]
    """The second of an event in a period: its upper 32 bits are the share of the period that has passed."""
    return start + np.int64(((event >> np.uint64(32)) * np.uint64(length)) >> np.uint64(32))


@_inlined
def waiting_time(key, purpose, period, item, mean):  # type: ignore[no-untyped-def]
    """An exponential time with this mean."""
    return -math.log(uniform(key, purpose, period, item)) * mean


@_inlined
def be_treated(me, actions, begin, end, arrival, period):  # type: ignore[no-untyped-def]
    """What the firm's actions do to a customer in a period; whoever arrives after an action is not reached."""
    me.lift, me.price, me.retention, me.touch = 1.0, 1.0, 0.0, 0.0
    for a in range(begin, end):
        action = actions[a]
        if action.start == period:
            me.earned -= action.cents
        if arrival <= action.start <= period < action.stop:
            me.lift *= 1.0 + action.lift
            me.price *= 1.0 - action.discount
            me.retention += action.retention
            if action.start == period:
                me.touch += action.touch


@_inlined
def change_stage(me, who, rule, now, stages, numbers, key, period):  # type: ignore[no-untyped-def]
    """Move a customer who has arrived before this period to the period's stage; return the true cause."""
    if rule.dropout == EACH_PERIOD and uniform(key, DROPOUT, period, FIRST) < who.leaving:
        me.left = 1
    if me.left == 1:
        me.stage = rule.gone
        return BY_DROPOUT
    felt = rule.on_loyalty * who.sensitivity * me.mood
    firm = me.retention + me.member * rule.scheme_loyalty
    if rule.buying == CONTRACT and now.price != 1.0:
        firm -= who.elasticity * math.log(now.price)
    u = uniform(key, MOVE, period, FIRST)
    n, stage = rule.n_stages, me.stage
    at, n_losses = rule.at_moves + stage * (2 * n + 1), stages[stage].n_losses
    hold = who.loyalty + felt + firm
    if hold != me.hold:
        me.hold, me.push = hold, push_of(hold)
    me.stage = move(numbers, at, n, n_losses, me.push, u)
    if (felt == 0.0 and firm == 0.0) or me.stage == stage:
        return BY_CHANCE
    if move(numbers, at, n, n_losses, push_of(who.loyalty), u) == me.stage:
        return BY_CHANCE
    return BY_SATISFACTION if abs(felt) >= abs(firm) else BY_FIRM


@_inner
def lasting(who, rule):  # type: ignore[no-untyped-def]
    """How many periods a full stock lasts a household, at most 1000."""
    return 1.0 / max(who.people * rule.kg_per_person * who.rate / rule.stock_kg, 1e-3)


@_inner
def eat_up(me, who, rule, now, factor, key, period, when, item_of):  # type: ignore[no-untyped-def]
    """A household's purchases: whenever the stock has run out it buys, here or (also while it was away) elsewhere."""
    n, k = FIRST, FIRST
    mean = lasting(who, rule)
    while me.stock_end < period + 1.0 and k < MOST_ITEMS:
        if me.stock_end >= period and uniform(key, HERE, period, k) < min(1.0, rule.here_share * factor):
            when[n], item_of[n] = now.start + np.int64((me.stock_end - period) * now.length), k
            n += 1
        k += 1
        eaten = 0.9 + 0.2 * uniform(key, STOCK, period, k)
        me.stock_end += eaten * mean
    return n


@_inlined
def decide(me, who, rule, now, active, key, period, when, item_of):  # type: ignore[no-untyped-def]
    """How many purchases a customer makes in a period; fills `when`, `item_of`."""
    factor = active * now.season * me.lift * me.appetite
    if now.price != 1.0:
        factor *= now.price**-who.elasticity
    if rule.buying == STOCK_BUYING:
        return eat_up(me, who, rule, now, factor, key, period, when, item_of)
    n, drawn = FIRST, FIRST
    if rule.first_purchase == 1 and period == who.arrival:
        when[0], item_of[0] = now.start, FIRST_PURCHASE
        n += 1
    if rule.buying == POISSON:
        drawn = min(poisson(key, COUNT, period, who.rate * factor), MOST_ITEMS - 1)
    elif rule.buying == CHANCE_BUYING:
        if n == 0 and uniform(key, COUNT, period, FIRST) < who.chance * factor:
            drawn += 1
    elif (period - who.arrival) % rule.every_periods == 0:
        when[n], item_of[n] = now.start, FIRST
        n += 1
    for k in range(drawn):
        item_of[n] = k
        when[n] = moment(now.start, now.length, bits(key, EVENT, period, k))
        n += 1
    return n


@_inlined
def sort_items(when, item_of, n):  # type: ignore[no-untyped-def]
    """Sort the first n entries of both by `when`: Shell's sort, which for a handful of them is plain insertion."""
    gap = FIRST + 1
    while gap < n // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for k in range(gap, n):
            time, number, at = when[k], item_of[k], k
            while at >= gap and when[at - gap] > time:
                when[at], item_of[at] = when[at - gap], item_of[at - gap]
                at -= gap
            when[at], item_of[at] = time, number
        gap //= 3


@_inlined
def drop_out(me, who, rule, now, key, period, when, item_of, n):  # type: ignore[no-untyped-def]
    """Let a customer leave unseen within the period; return how many of the n purchases (in order) still happen."""
    if rule.dropout == AFTER_PURCHASE:
        for k in range(n):
            if item_of[k] != FIRST_PURCHASE and uniform(key, DROPOUT, period, item_of[k]) < who.leaving:
                me.left = 1
                return k + 1
        return n
    rest = waiting_time(key, DROPOUT, period, FIRST, 1.0)  # periods x rate until the end: a hazard has no memory
    if rest < who.leaving:
        me.left = 1
        end = now.start + np.int64(rest / who.leaving * now.length)
        while n > 0 and when[n - 1] > end:
            n -= 1
    return n


@_inner
def be_served(me, rule, now, numbers, key, period, item):  # type: ignore[no-untyped-def]
    """A contact with the firm: wait for an agent, and remember how long; return the service channel."""
    desk = pick(numbers, rule.at_desk, rule.n_desks, uniform(key, CONTACT, period, item))
    at = rule.at_desk_cost + 3 * desk
    me.wait = waiting_time(key, WAITING, period, item, look(numbers, at) * now.waiting)
    me.waited += me.wait
    me.n_waits += 1
    me.earned -= np.int64(look(numbers, at + 2))
    return desk


@_inner
def note_contact(contact, me, rule, numbers, desk, reason, second, key, period, item):  # type: ignore[no-untyped-def]
    """Write a contact down."""
    contact.period, contact.second, contact.reason, contact.channel = period, second, reason, desk
    contact.agent = bits(key, CONTACT, period, item) % np.uint64(rule.n_agents)
    contact.waiting = min(me.wait * 60.0, 1e9)
    minutes = waiting_time(key, HANDLING, period, item, look(numbers, rule.at_desk_cost + 3 * desk + 1))
    contact.handling = min(minutes * 60.0, 1e9)
    contact.reply, contact.resolved = 0, 1


@_inlined
def have_problem(me, rule, now, numbers, key, period, item):  # type: ignore[no-untyped-def]
    """A purchase went wrong: true if the customer complains; how it ends moves satisfaction."""
    severity = np.int64(uniform(key, SEVERITY, period, item) < rule.major_share)
    speaks = rule.complain_major if severity == 1 else rule.complain_minor
    end = FIRST
    complains = uniform(key, COMPLAIN, period, item) < speaks
    if complains:
        me.resolved = np.int64(uniform(key, RESOLVE, period, item) < rule.resolved_share * now.skill)
        me.hours = waiting_time(key, REPLY, period, item, rule.reply_hours * now.reply)
        end = 1 + me.resolved * (1 + np.int64(me.hours <= rule.fast_hours))
    me.shock += look(numbers, rule.at_recovery + 4 * severity + end)
    return complains


@_inlined
def pay(me, who, rule, now, numbers, key, period, item):  # type: ignore[no-untyped-def]
    """A purchase: whether something goes wrong with it; its category, cents, margin and discount."""
    # (These are handed back, not kept in `me`: numbers that are stored and read at once, in other widths, take long.)
    event = bits(key, EVENT, period, item)
    share = np.float64(event & np.uint64(0xFFFF)) * 1.52587890625e-05
    # A guide never points beyond the answer: the category that the first share of its cell belongs to.
    category = np.int64(look(numbers, rule.at_guide + GUIDE * who.home + np.int64(share * GUIDE)))
    while share >= look(numbers, rule.at_category + rule.n_categories * who.home + category):
        category += 1
    amount = who.spend * rule.fixed_amount
    if rule.fixed_amount == 0.0:
        amount = who.spend * quantile(numbers, rule.at_amount, uniform(key, AMOUNT, period, item))
    amount = min(amount, MOST_MONEY)
    listed = np.int64(amount * now.price * 100.0 + 0.5)
    cents = max(np.int64(amount * now.price * me.price * 100.0 + 0.5), 1)
    margin = cents - np.int64(amount * look(numbers, rule.at_category_cost + category) * 100.0 + 0.5)
    me.earned += margin
    me.points += cents
    if me.member == 1:
        me.earned -= np.int64(cents * rule.scheme_reward + 0.5)
    trouble = np.float64((event >> np.uint64(16)) & np.uint64(0xFFFF)) * 1.52587890625e-05 < rule.problem_share
    return trouble, category, cents, margin, max(listed - cents, 0)


@_inner
def appetite_of(me, who, rule):  # type: ignore[no-untyped-def]
    """What the mood multiplies purchases by."""
    return math.exp(max(-20.0, min(20.0, rule.on_purchases * who.sensitivity * me.mood)))


@_inlined
def feel(me, who, rule, numbers, key, period):  # type: ignore[no-untyped-def]
    """Satisfaction after a period with experiences: perceived less expected, remembered; expectation learns."""
    perceived = rule.quality
    if rule.quality_sd > 0.0:
        perceived += rule.quality_sd * quantile(numbers, rule.at_normal, uniform(key, QUALITY, period, FIRST))
    if me.n_waits > 0 and rule.waiting != 0.0:
        perceived += rule.waiting * max(-2.0, 1.0 - me.waited / me.n_waits / max(who.patience, 0.1))
    if rule.surprise_share > 0.0 and uniform(key, SURPRISE, period, FIRST) < rule.surprise_share:
        perceived += rule.surprise
    me.perceived, me.expected = perceived, me.expectation
    me.mood = rule.memory * me.mood + (1.0 - rule.memory) * (perceived - me.expectation) + me.shock
    me.expectation += rule.learning * (perceived - me.expectation)
    me.appetite = appetite_of(me, who, rule)


@_inner
def grade(rule, numbers, key, period, which, felt):  # type: ignore[no-untyped-def]
    """A survey score from 1 to 5 for what is felt, with noise."""
    z = quantile(numbers, rule.at_normal, uniform(key, NOISE, period, which))
    score = rule.survey_middle + rule.survey_unit * felt + rule.survey_noise * z
    return math.floor(max(1.0, min(5.0, score + 0.5)))


@_entry
def live(
    begin, customers, names, traits, rules, numbers, stages, periods, first, actions, clocks, rows, contacts, answers,
    births, used, stage_log, cause_log, sums, state, when, item_of,
):  # type: ignore[no-untyped-def]  # fmt: skip
    """Live the customers begin, begin + 1, ... of a block; return the next customer.

    customers, names (n,); traits (n,) of TRAITS; rules, clocks (1,); first (n + 1,): actions first[i] .. first[i + 1]
    - 1 are customer i's; stage_log, cause_log (n, T) or (0, 0); sums (n,) of SUMS; rows, contacts, answers, births:
    room for what happens (empty: write none), of which used[0] .. used[3] entries are taken on entry and on return.
    state (2,) of LIFE, when, item_of (MOST_ITEMS,): scratch. Stops early, before a customer for whom the room might
    not be enough.
    """
    rule, clock = rules[0], clocks[0]
    writing, logging = len(rows) > 0, len(stage_log) > 0
    breeding = len(births) > 0 and rule.referrals > 0.0
    sure = 1.0 - rule.referrals * math.exp(MOST_TALK)
    leaving = rule.dropout == AFTER_PURCHASE or rule.dropout == HAZARD
    sorting = writing or leaving
    me = state[0]  # the customer now; state[1]: as it stood at the branch
    n_rows, n_contacts, n_answers, n_births = used[0], used[1], used[2], used[3]
    for i in range(begin, len(names)):
        used[0], used[1], used[2], used[3] = n_rows, n_contacts, n_answers, n_births
        who, total = traits[i], sums[i]
        total.told_good, total.told_bad, total.value, total.value_squared = 0.0, 0.0, 0.0, 0.0
        past = luck(rule.seed, clock.past, names[i])
        me.stage, me.mood, me.expectation, me.points, me.left = -1, 0.0, rule.expectation, 0.0, 0
        me.lift, me.price, me.retention, me.profit, me.present = 1.0, 1.0, 0.0, 0, 0.0
        me.appetite, me.hold, me.push = 1.0, 0.0, 1.0
        me.stock_end = who.arrival
        if rule.buying == STOCK_BUYING:
            me.stock_end += uniform(past, STOCK, FIRST, FIRST) * lasting(who, rule)
        for future in range(-1, clock.n_replications):
            key, low, high = past, who.arrival, min(clock.branch, clock.stop)
            if future >= 0:
                key = luck(rule.seed, clock.replication + future, names[i])
                low, high = max(clock.branch, who.arrival), clock.stop
                state[0] = state[1]
            for period in range(low, high):
                now = periods[period]
                me.earned = 0
                if first[i] < first[i + 1]:
                    be_treated(me, actions, first[i], first[i + 1], who.arrival, period)
                    if me.touch != 0.0 and rule.satisfaction == 1:
                        me.mood += me.touch
                        me.appetite = appetite_of(me, who, rule)
                member = rule.scheme_threshold > 0.0 and now.scheme > 0.0 and me.points >= rule.scheme_threshold
                me.member = np.int64(member)
                cause = BY_CHANCE
                if me.stage < 0:
                    me.stage = rule.entry
                    me.earned -= np.int64(look(numbers, rule.at_channel_cost + who.channel))
                elif stages[me.stage].final == 0:
                    cause = change_stage(me, who, rule, now, stages, numbers, key, period)
                elif first[i] == first[i + 1]:  # neither the customer nor the firm will do anything any more
                    if logging:
                        for rest in range(period, high):
                            stage_log[i, rest], cause_log[i, rest] = me.stage, BY_CHANCE
                    break
                stage = stages[me.stage]
                if logging:
                    stage_log[i, period], cause_log[i, period] = me.stage, cause
                if stage.final == 0:
                    me.earned += stage.cents
                    me.points *= rule.scheme_decay
                    me.shock, me.waited, me.n_waits, n = 0.0, 0.0, 0, FIRST
                    if stage.rate > 0.0:
                        n = decide(me, who, rule, now, stage.rate, key, period, when, item_of)
                    if sorting and n > 1:
                        sort_items(when, item_of, n)
                    if leaving:
                        n = drop_out(me, who, rule, now, key, period, when, item_of, n)
                    full = n_rows + n > len(rows) or n_contacts + n + 64 > len(contacts) or n_answers >= len(answers)
                    if (writing and full) or (breeding and n_births + 64 > len(births)):
                        return i
                    for k in range(n):
                        item = item_of[k]
                        trouble, category, cents, margin, given = pay(me, who, rule, now, numbers, key, period, item)
                        if writing:
                            row = rows[n_rows]
                            row.customer, row.period, row.second, row.cents = customers[i], period, when[k], cents
                            row.margin, row.given, row.category = margin, given, category
                            n_rows += 1
                        if trouble and have_problem(me, rule, now, numbers, key, period, item):
                            desk = be_served(me, rule, now, numbers, key, period, item)
                            if writing:
                                later = when[k] + 3600 + np.int64(bits(key, CONTACT, period, item) >> np.uint64(45))
                                second = min(later, now.start + now.length - 1)
                                contact = contacts[n_contacts]
                                note_contact(contact, me, rule, numbers, desk, FIRST, second, key, period, item)
                                contact.customer, contact.resolved = customers[i], me.resolved
                                contact.reply = min(me.hours * 60.0, 1e9)
                                n_contacts += 1
                    if rule.contact_rate > 0.0 and stage.rate > 0.0:
                        for k in range(min(poisson(key, CONTACTS, period, rule.contact_rate), 60)):
                            item = FIRST_PURCHASE + 1 + k
                            desk = be_served(me, rule, now, numbers, key, period, item)
                            if writing:
                                second = moment(now.start, now.length, bits(key, EVENT, period, item))
                                u = uniform(key, SEVERITY, period, item)
                                reason = 1 + pick(numbers, rule.at_reason, rule.n_reasons, u)
                                contact = contacts[n_contacts]
                                note_contact(contact, me, rule, numbers, desk, reason, second, key, period, item)
                                contact.customer = customers[i]
                                n_contacts += 1
                    if rule.satisfaction == 1 and (n > 0 or me.n_waits > 0):
                        feel(me, who, rule, numbers, key, period)
                        total.told_good += rule.tells_satisfied * max(me.mood, 0.0)
                        total.told_bad += rule.tells_dissatisfied * max(-me.mood, 0.0)
                        if writing and uniform(key, SURVEY, period, FIRST) < rule.survey_share:
                            answer = answers[n_answers]
                            answer.customer, answer.period = customers[i], period
                            answer.satisfaction = grade(rule, numbers, key, period, FIRST, me.mood)
                            answer.expected = grade(rule, numbers, key, period, FIRST + 1, me.expected)
                            answer.perceived = grade(rule, numbers, key, period, FIRST + 2, me.perceived)
                            n_answers += 1
                    # With so much luck nobody is referred, whatever the mood: most months need not ask further.
                    if breeding and stage.rate > 0.0 and uniform(key, REFER, period, FIRST) > sure:
                        mean = rule.referrals * math.exp(max(-5.0, min(MOST_TALK, rule.on_referrals * me.mood)))
                        for k in range(min(poisson(key, REFER, period, mean), 60)):
                            birth = births[n_births]
                            birth.parent, birth.period = i, period
                            birth.name = bits(names[i], CHILD, period, k) | _REFERRED
                            n_births += 1
                me.profit += me.earned
                if period >= clock.count_from:
                    me.present += me.earned * periods[period - clock.count_from].discount
            if future < 0:
                state[1] = state[0]
            else:
                worth = me.present * 0.01
                total.value += worth
                total.value_squared += worth * worth
        total.cents, total.mood, total.stage = me.profit, me.mood, me.stage
    used[0], used[1], used[2], used[3] = n_rows, n_contacts, n_answers, n_births
    return len(names)
