"""Simulating straight to disk: memory does not grow with the number of customers, and a stopped run can be resumed.

The run is lived and written part by part (see `crmsim.engine.parts`), here in threads or on the machines of a Dask
cluster. Every finished part leaves a record in the work folder, so whoever goes on finds what is done. The result
has the bytes that `crm.save` of the run in memory would give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from crmsim.customers.arguments import flag
from crmsim.customers.finishing import finish
from crmsim.customers.saving import Output, layout_of, output_at
from crmsim.engine.blocks import in_threads, whole, workers
from crmsim.engine.folder import explained
from crmsim.engine.parts import Record, finished
from crmsim.engine.policy import checked
from crmsim.engine.simulate import PARTITION_SIZE, bar, ready_plan
from crmsim.engine.streaming import Job, Workers, check_identity, in_these_threads, write_identity
from crmsim.errors import InputError, Interrupted, told
from crmsim.settings.scenario import Scenario

HOW = "run the same command with --resume (in Python: resume=True) to go on"


def simulate_to(
    scenario: Scenario,
    out: str | Path,
    *,
    policy: Any = None,
    replication: int = 0,
    format: str = "parquet",
    truth: bool = True,
    warehouse: bool = False,
    resume: bool = False,
    threads: int | None = None,
    partition_size: int | None = None,
    part_size: int | None = None,
    client: Any = None,
    progress: bool | None = None,
) -> Path | str:
    """Simulate all customers of a scenario into a folder, part by part, for any number of customers.

    The same scenario, policy, replication, format and part size give the same bytes on any machine, whatever the other
    arguments, and the bytes of `crm.save(crm.simulate(scenario), out)`. A rule that chooses customers when the time
    comes is asked with everybody's past, which must fit into memory.

    Parameters
    ----------
    scenario : Scenario
        From `crm.scenario`.
    out : str or Path
        A folder that does not exist, is empty, or holds a former output, which is replaced; or an address for fsspec,
        such as ``s3://bucket/run``, where nothing is yet.
    policy, replication
        As for `crm.simulate`.
    format, truth, warehouse, part_size
        As for `crm.save`.
    resume : bool
        Go on with the unfinished run that was stopped there. What is finished and intact stays.
    threads : int, optional
        At most so many parts at once; by default one per processor. Each needs memory for one part.
    partition_size : int, optional
        Customers lived at once by a thread.
    client : distributed.Client, optional
        Let the workers of this Dask cluster live and write the parts; `out` must mean the same place to all of them.
    progress : bool, optional
        Show a bar; by default only in a terminal or a notebook, and only for a long run.

    Returns
    -------
    Path or str
        The folder, or the address.

    Raises
    ------
    InputError
        An argument is not possible, the place cannot be written, or there is nothing to resume.
    Interrupted
        The user stopped it; finished parts are kept.

    Examples
    --------
    >>> import tempfile, crmsim as crm
    >>> shop = crm.scenario("retail").replace(customers=60, periods=6, seed=7)
    >>> folder = crm.simulate_to(shop, tempfile.mkdtemp())
    >>> same = crm.save(crm.simulate(shop), tempfile.mkdtemp())
    >>> (folder / "manifest.json").read_bytes() == (same / "manifest.json").read_bytes()
    True
    """
    if not isinstance(scenario, Scenario):
        given = told(scenario)
        raise InputError(f"simulate_to: a scenario is needed, but {given} was given; use crm.scenario('retail').")
    resume = flag("resume", resume)
    layout = layout_of(format, truth=truth, warehouse=warehouse, part_size=part_size)
    size = PARTITION_SIZE if partition_size is None else whole(partition_size, "partition_size", least=1)
    n_threads, actions = workers(threads), checked(policy, n_customers=scenario.customers)
    replication = whole(replication, "replication", least=0)
    output = output_at(out)
    ready = ready_plan(scenario, actions, replication=replication, branch=0)
    job = Job(scenario, ready, replication, layout, size)
    return stream(job, output, _workers(job, output, client, n_threads), resume=resume, progress=progress)


def _workers(job: Job, output: Output, client: Any, threads: int) -> Workers:
    if client is not None and not hasattr(client, "nthreads"):
        raise InputError(f"client={told(client)} is not possible: give a client of Dask, distributed.Client(address).")
    if client is None:
        return partial(in_these_threads, job, output.place, threads=threads)
    from crmsim.engine.cluster import on_cluster

    return partial(on_cluster, job, output.place, client=client)


def stream(job: Job, output: Output, make: Workers, *, resume: bool, progress: bool | None) -> Path | str:
    """Write a run with these workers; go on where an earlier attempt has stopped, if asked to."""
    records: dict[int, Record] = {}
    with explained(output.where):
        _begin(job, output, resume=resume)
    with _kept(output, lambda: len(records), job.n_parts):
        if not output.complete:
            records |= _found(job, output) if resume else {}
            _make_rest(job, records, make, progress)
            finish(output.place, job.shape, job.layout, [records[k] for k in range(job.n_parts)], extras={})
        output.publish()
    return output.where


def _begin(job: Job, output: Output, *, resume: bool) -> None:
    if resume:
        if not output.leftover:
            raise InputError(f"{output.where}: there is no unfinished run to go on with; run without --resume.")
        check_identity(job, output.place, output.where)
        return
    try:
        output.begin()
        output.leftover = output.complete = False
        write_identity(job, output.place)
    except OSError:
        output.withdraw()
        raise


def _found(job: Job, output: Output) -> dict[int, Record]:
    """What an earlier attempt has finished and what is still as it was."""
    found = in_threads(lambda k: finished(output.place, k, job.layout), job.n_parts, threads=workers(None))
    return {number: record for number, record in enumerate(found) if record is not None}


def _make_rest(job: Job, records: dict[int, Record], make: Workers, progress: bool | None) -> None:
    """Make the parts that are missing; each record is kept as it comes."""
    with bar(job.scenario.customers, progress) as shown:
        shown.initial = shown.n = sum(job.customers_in(number) for number in records)
        for number, record in make([number for number in range(job.n_parts) if number not in records]):
            records[number] = record
            shown.update(job.customers_in(number))


@contextmanager
def _kept(output: Output, n_done: Callable[[], int], n_parts: int) -> Iterator[None]:
    """Whatever goes wrong: keep what is finished and say how to go on, or leave nothing."""
    try:
        with explained(output.where, rest=""):
            yield
    except BaseException as error:
        if not n_done() and not output.leftover:
            output.withdraw()
            rest = "Nothing was left behind."
        else:
            rest = f"Nothing is lost: {n_done() or 'some'} of {n_parts} parts are kept in {output.work}; {HOW}."
        if isinstance(error, InputError):
            raise InputError(f"{error} {rest}") from None
        if isinstance(error, KeyboardInterrupt):
            raise Interrupted(rest) from None
        error.add_note(rest)
        raise
