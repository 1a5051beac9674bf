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

The folder appears complete or not at all (see `crmsim.engine.folder`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from crmsim.customers import warehouse as star
from crmsim.customers.dictionary import absent_from, as_csv, as_markdown
from crmsim.engine.folder import checked_target, new_folder
from crmsim.engine.manifest import write_manifest
from crmsim.engine.output import Tables, in_parts, tables_of, totals_of, write_part
from crmsim.engine.policy import FAMILY
from crmsim.engine.records import Past
from crmsim.engine.simulate import Run
from crmsim.errors import InputError, did_you_mean

FORMATS = ("parquet", "csv", "duckdb")
Extras = Mapping[str, Callable[[Path], None]]


def save(
    run: Past,
    folder: str | Path,
    *,
    format: str = "parquet",
    truth: bool = True,
    warehouse: bool = False,
    extras: Extras | None = None,
) -> Path:
    """Write a run, or its past, into a folder; the same run gives the same bytes.

    Parameters
    ----------
    run : Run
        From `crm.simulate`; of a past (`run.until(t)`) there is no truth to write.
    folder : str or Path
        A folder that does not exist, is empty, or holds a former output, which is replaced.
    format : str
        ``"parquet"``; ``"csv"`` for small runs; ``"duckdb"``: the firm's records in the warehouse alone.
    truth : bool
        Write what only the simulator knows, and into the manifest how to make the run again. Students' files are
        written without it.
    warehouse : bool
        Write `warehouse.duckdb` besides.
    extras : mapping, optional
        Further files: name to a function that writes the file at the path it is given.

    Returns
    -------
    Path
        The folder.

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
    _check(run, folder, format)
    with_warehouse = warehouse or format == "duckdb"
    truth = truth and isinstance(run, Run)
    with new_folder(folder) as work:
        rows, totals = _write_tables(work, run, file_format=format, truth=truth)
        if with_warehouse:
            star.build(work / star.FILE, run, in_parts(tables_of(run, truth=False), n_customers=_n(run)))
        _write_dictionary(work, run, [*rows, *(star.ORDER if with_warehouse else ())])
        for name, write in (extras or {}).items():
            write(work / name)
        write_manifest(work, run, rows=rows, totals=totals, truth=truth)
    return checked_target(folder)


def _check(run: object, folder: object, file_format: str) -> None:
    if not isinstance(run, Past):
        raise InputError(f"save: a run is needed, but {type(run).__name__} was given; use crm.simulate(scenario).")
    if not isinstance(folder, (str, Path)) or not str(folder):
        raise InputError(f"save: {folder!r} is no name of a folder; write for example 'my-run'.")
    if file_format not in FORMATS:
        raise InputError(f"save: there is no format {file_format!r}. {did_you_mean(file_format, FORMATS)}")


def _n(run: Past) -> int:
    """Families, counted with those who have not arrived: parts are ranges of them."""
    if isinstance(run, Run):
        return run.scenario.customers
    return int((run.customers.index.to_numpy() % FAMILY).max(initial=-1)) + 1


def _write_tables(
    work: Path, run: Past, *, file_format: str, truth: bool
) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Write the tables part by part; rows and money totals (cents) of each table."""
    tables = tables_of(run, truth=truth)
    for number, part in enumerate(in_parts(tables, n_customers=_n(run))):
        write_part(work, number, _as_files(part, file_format), file_format=_of_files(file_format))
    return {name: len(table) for name, table in tables.items()}, totals_of(tables)


def _of_files(file_format: str) -> str:
    return "parquet" if file_format == "duckdb" else file_format


def _as_files(part: Tables, file_format: str) -> Tables:
    """The tables that become files: with `duckdb` only the truth, which the warehouse does not hold."""
    hidden = {name: table for name, table in part.items() if name.startswith("truth/")}
    return hidden if file_format == "duckdb" else part


def _write_dictionary(work: Path, run: Past, tables: list[str]) -> None:
    absent = absent_from(run.customers.columns)
    text = as_csv(tables, currency=run.currency, absent=absent)
    # The mark at the start (utf-8-sig) is what makes Excel read the Chinese column as Chinese.
    (work / "dictionary.csv").write_text(text, encoding="utf-8-sig", newline="\n")
    text = as_markdown(tables, currency=run.currency, absent=absent)
    (work / "dictionary.md").write_text(text, encoding="utf-8", newline="\n")
