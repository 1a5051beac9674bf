"""Writing a run to disk: tables, data dictionary, warehouse and manifest in one folder.

::

    DIR/customers/part-00000.parquet      the firm's records (or customers.csv)
    DIR/transactions/part-00000.parquet
    DIR/contacts/part-00000.parquet
    DIR/surveys/part-00000.parquet
    DIR/campaigns/part-00000.parquet
    DIR/truth/stages/part-00000.parquet   what only the simulator knows
    DIR/truth/moves/part-00000.parquet
    DIR/truth/customers/part-00000.parquet
    DIR/warehouse.duckdb                  the firm's records as a star schema, when asked
    DIR/dictionary.csv, dictionary.md     what every column means
    DIR/manifest.json                     what this is, rows, totals, checksums

The folder appears complete or not at all (see `crmsim.engine.folder`); at an address such as ``s3://bucket/run``
the manifest appears last (see `crmsim.engine.remote`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crmsim.customers.arguments import flag
from crmsim.customers.finishing import finish
from crmsim.engine.blocks import whole
from crmsim.engine.folder import MANIFEST, FolderOutput, explained
from crmsim.engine.parts import CUSTOMERS_PER_PART, Layout, parts_of, write_part
from crmsim.engine.records import Past
from crmsim.engine.remote import RemoteOutput, RemotePlace
from crmsim.engine.simulate import Run
from crmsim.errors import InputError, did_you_mean, told

FORMATS = ("parquet", "csv", "duckdb")
Extras = Mapping[str, Callable[[Path], None]]
Output = FolderOutput | RemoteOutput


def save(
    run: Past,
    folder: str | Path,
    *,
    format: str = "parquet",
    truth: bool = True,
    warehouse: bool = False,
    extras: Extras | None = None,
    part_size: int | None = None,
) -> Path | str:
    """Write a run, or its past, into a folder; the same run gives the same bytes.

    Parameters
    ----------
    run : Run
        From `crm.simulate`; of a past (`run.until(t)`) there is no truth to write.
    folder : str or Path
        A folder that does not exist, is empty, or holds a former output, which is replaced; or an address for fsspec,
        where nothing is yet.
    format : str
        ``"parquet"``; ``"csv"`` for small runs; ``"duckdb"``: the firm's records in the warehouse alone.
    truth : bool
        Write what only the simulator knows, and into the manifest how to make the run again. Students' files are
        written without it.
    warehouse : bool
        Write `warehouse.duckdb` besides.
    extras : mapping, optional
        Further files: name to a function that writes the file at the path it is given.
    part_size : int, optional
        Families of customers in a file; 131,072 by default. The bytes depend on it.

    Returns
    -------
    Path or str
        The folder, or the address.

    Raises
    ------
    InputError
        The format is unknown, a file is in the way, the folder holds something else or cannot be written, or
        the disk is full; then nothing is left behind.

    Examples
    --------
    >>> import tempfile, crmsim as crm
    >>> run = crm.simulate(crm.scenario("retail").replace(customers=50, periods=6, seed=7))
    >>> folder = crm.save(run, tempfile.mkdtemp(), format="csv")
    >>> sorted(path.name for path in folder.iterdir())[:3]
    ['campaigns.csv', 'contacts.csv', 'customers.csv']
    """
    if not isinstance(run, Past):
        raise InputError(f"save: a run is needed, but {type(run).__name__} was given; use crm.simulate(scenario).")
    hidden = flag("truth", truth) and isinstance(run, Run)
    layout = layout_of(format, truth=hidden, warehouse=warehouse, part_size=part_size)
    written = _writers(extras)
    output = output_at(folder)
    done = False
    with explained(output.where):
        try:
            output.begin()
            records = [write_part(output.place, k, part, layout) for k, part in enumerate(parts_of(run, layout))]
            finish(output.place, run, layout, records, extras=written)
            output.publish()
            done = True
        finally:
            if not done:
                output.withdraw()
    return output.where


def layout_of(file_format: Any, *, truth: bool, warehouse: bool, part_size: int | None) -> Layout:
    """What is to be written, or `InputError`."""
    if not isinstance(file_format, str) or file_format not in FORMATS:
        raise InputError(f"There is no format {told(file_format)}. {did_you_mean(str(file_format), FORMATS)}")
    truth, warehouse = flag("truth", truth), flag("warehouse", warehouse)
    size = CUSTOMERS_PER_PART if part_size is None else whole(part_size, "part_size", least=1)
    return Layout(file_format, truth, warehouse or file_format == "duckdb", size)


def _writers(extras: Any) -> Extras:
    """Further files and what writes them, or `InputError`."""
    if extras is None:
        return {}
    if not isinstance(extras, Mapping) or not all(isinstance(name, str) and callable(extras[name]) for name in extras):
        raise InputError(
            f"extras={told(extras)} is not possible: give names of files, each with a function of the path that writes "
            "the file, such as {'picture.png': figure.savefig}."
        )
    return extras


def output_at(out: Any) -> Output:
    """A folder, or an address; `InputError` when nothing can be written there."""
    if not isinstance(out, (str, Path)) or not str(out):
        raise InputError(f"{told(out)} is no name of a folder; write for example 'my-run'.")
    if not isinstance(out, str) or "://" not in out:
        return FolderOutput(out)
    if out.startswith("file://"):
        from urllib.request import url2pathname  # which loads what speaks with servers

        return FolderOutput(url2pathname(urlsplit(out).path))
    return RemoteOutput(out)


def manifest_at(where: Path | str) -> dict[str, Any]:
    """The manifest of a result, from the folder or the address that `save` has returned."""
    if isinstance(where, Path):
        return dict(json.loads((where / MANIFEST).read_bytes()))
    return dict(json.loads(RemotePlace(where).get(f"files/{MANIFEST}")))
