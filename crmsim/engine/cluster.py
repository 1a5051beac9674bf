"""The same parts on the machines of a Dask cluster.

Every worker lives a part and writes it to the place that all share; only the record travels back. A part is a function
of its number, so when a worker dies another one makes its part again, with the same bytes. The workers need crmsim
in the same version; the scenario and the policy travel to them, so use a cluster that you trust.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import crmsim
from crmsim.engine.parts import Record
from crmsim.engine.place import Place
from crmsim.engine.streaming import Job, make_part
from crmsim.errors import InputError

WAIT = "20s"


@contextmanager
def client_at(address: str) -> Iterator[Any]:
    """A client of the Dask scheduler at this address.

    Errors: `InputError` when Dask is not installed, no scheduler answers, or it has no workers.
    """
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise InputError("--scheduler needs Dask; install it with: pip install 'crmsim[scale]'") from None
    try:
        client = Client(address, timeout=WAIT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(f"No Dask scheduler answers at {address!r}: {error}") from None
    with client:
        yield client


def on_cluster(job: Job, place: Place, numbers: list[int], *, client: Any) -> Iterator[tuple[int, Record]]:
    """Make these parts on a cluster; they come in the order in which they are finished.

    Errors: `InputError` when the cluster has no workers or is lost, when a part cannot be made there, or when what a
    worker has written cannot be seen here.
    """
    from concurrent.futures import CancelledError

    from distributed import KilledWorker, as_completed
    from distributed.comm.core import CommClosedError

    if not sum(client.nthreads().values()):
        raise InputError(f"The Dask scheduler at {client.scheduler.address!r} has no workers.")
    futures: dict[Any, int] = {}
    try:
        shared = client.scatter((job, place), broadcast=True, hash=False)
        futures |= {client.submit(_make, shared, number, pure=False): number for number in numbers}
        for future in as_completed(list(futures), loop=client.loop):
            record = future.result()
            _check_seen(place, record)
            yield futures.pop(future), record
    except KilledWorker as error:
        raise InputError(f"A part ended several workers, perhaps for want of memory: {error}.") from None
    except (CancelledError, CommClosedError, TimeoutError) as error:
        raise InputError(f"The Dask cluster was lost: {type(error).__name__} {error}.".replace(" .", ".")) from None
    finally:
        with suppress(Exception):  # a cluster that is lost has nothing to stop
            client.cancel(list(futures), force=True)


def _make(shared: tuple[Job, Place], number: int) -> Record:
    """Make one part, in a thread of a Dask worker."""
    job, place = shared
    if job.version != crmsim.__version__:
        raise InputError(f"A worker has version {crmsim.__version__} of crmsim, but {job.version} is needed.")
    return make_part(job, place, number)


def _check_seen(place: Place, record: Record) -> None:
    """What the worker has written must be visible from here."""
    for name, check in record["files"].items():
        if place.size(name) != check["bytes"]:
            raise InputError(
                f"A worker has written {name}, but it cannot be seen from here; give a folder or an address that "
                "means the same place to all machines."
            )
