"""A second process that helps with the kernel's compilation.

The compiler works on one function at a time, and keeps each on the disk as soon as it is done. While the first
process compiles `kernel.live`, which asks for the functions that it calls in the order of their calls, a second one
(`python -m crmsim.engine.compiling`) compiles them from the last to the first, and then `kernel.draw_traits`. Whoever
comes to a function that the other has done finds it on the disk.
"""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

WORDS = ("z", "seed", "name", "key", "purpose", "event")
WHOLE = (
    *("replication", "period", "item", "at", "at_normal", "n", "n_stages", "n_losses", "start", "length", "begin"),
    *("end", "arrival", "desk", "reason", "second", "which", "place"),
)
REAL = ("u", "mean", "sd", "push", "hold", "factor", "active", "felt")
"""Arguments that are words of 64 bits, whole numbers, real numbers."""
LAST_TO_FIRST = (
    *("grade", "feel", "note_contact", "be_served", "have_problem", "pay", "drop_out", "sort_items", "decide"),
    *("change_stage", "appetite_of", "be_treated", "lasting"),
)
"""The functions that `kernel.live` calls."""


@contextmanager
def compiled_beside() -> Iterator[None]:
    """While the block runs, a second process compiles too; where none can be started, nothing is lost."""
    process = None
    with suppress(OSError, ValueError):
        command, nothing = [sys.executable, "-P", "-m", "crmsim.engine.compiling"], subprocess.DEVNULL
        process = subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing)  # noqa: S603
    try:
        yield
    finally:
        if process is not None:
            process.kill()
            process.wait()


def compile_parts() -> None:
    """Compile the functions that `kernel.live` calls, and `kernel.draw_traits`, or load them."""
    from crmsim.engine import kernel
    from crmsim.engine.caching import collection_paused

    with warnings.catch_warnings(), collection_paused():
        warnings.simplefilter("ignore")  # an unwritable cache: then this has been in vain
        for name in LAST_TO_FIRST:
            getattr(kernel, name).compile(types_of(name))
        kernel.draw_traits.compile(types_of("draw_traits"))


def types_of(name: str) -> tuple[Any, ...]:
    """The types of a function's arguments for the compiler: throughout the kernel, the name of one tells its type."""
    from crmsim.engine import kernel

    known = _types()
    taken = getattr(kernel, name).py_func.__code__
    return tuple(known[argument] for argument in taken.co_varnames[: taken.co_argcount])


def _types() -> dict[str, Any]:
    import numpy as np
    from numba import float64, from_dtype, int64, typeof, uint64

    from crmsim.engine import kernel

    records = {
        **{"me": kernel.LIFE, "who": kernel.TRAITS, "rule": kernel.RULES, "now": kernel.PERIOD},
        **{"contact": kernel.CONTACT_ROW},
    }
    arrays = {
        **{"stages": kernel.STAGE, "actions": kernel.ACTION, "people": kernel.PEOPLE, "traits": kernel.TRAITS},
        **{"numbers": np.float64, "when": np.int64, "item_of": np.int64, "names": np.uint64, "arrivals": np.int64},
    }
    return {
        **dict.fromkeys(WORDS, uint64),
        **dict.fromkeys(WHOLE, int64),
        **dict.fromkeys(REAL, float64),
        **{name: from_dtype(kind) for name, kind in records.items()},
        **{name: typeof(np.zeros(1, dtype=kind)) for name, kind in arrays.items()},  # type: ignore[no-untyped-call]
    }


if __name__ == "__main__":
    compile_parts()
