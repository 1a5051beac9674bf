"""Reading call scripts: YAML text to a validated `Script`; what cannot be read gets a message with line and column.

Work is bounded before it begins: by the size of the text, the depth and number of its keys and values, the number of
nodes, and the length of a line. Aliases and tags are refused, templates are never formatted, nothing is evaluated.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crmsim.errors import InputError
from crmsim.phone.model import Script
from crmsim.settings.validating import validated
from crmsim.settings.yaml_file import Source, parse_yaml, read_yaml

TINY = """\
script: tiny
purpose: appointment
language: en
company: Riverside Market
agent: Ann Lee
nodes:
  - id: open
    stage: opening
    say: "Hello, this is {agent} from {company}. Is that {honorific} {name}? Do you have two minutes?"
    replies:
      - {intent: busy, to: later}
      - {intent: opt_out, to: never}
      - {intent: agree, to: ask}
      - {else: true, to: no}
  - id: ask
    stage: closing
    say: "You last came on {last_purchase}. May we expect you on {date}? Thank you for your time."
    replies:
      - {intent: agree, to: done}
      - {intent: opt_out, to: never}
      - {else: true, to: no}
ends:
  - {id: done, disposition: appointment, say: "Thank you, see you on {date}. Sorry to have taken your time. Goodbye."}
  - {id: later, disposition: callback, say: "I will call another time. Sorry for disturbing you. Thank you, goodbye."}
  - {id: never, disposition: do_not_call, say: "We will not call again. Sorry for disturbing you. Thank you, goodbye."}
  - {id: no, disposition: refused, say: "Thank you, and sorry for taking your time. Goodbye."}
"""
"""The smallest script that the examples of this package use."""


def load(path: str | Path) -> Script:
    """The call script in a YAML file.

    Parameters
    ----------
    path : str or Path
        At most 200,000 bytes of UTF-8.

    Returns
    -------
    Script

    Raises
    ------
    InputError
        With file, line and column: it cannot be read, is not YAML, or is not a call script.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder) / "tiny.yaml"
    ...     _ = file.write_text(TINY, encoding="utf-8")
    ...     load(file)
    <Script tiny: appointment, 2 nodes, 4 ends>
    """
    if not isinstance(path, (str, Path)) or not str(path).strip():
        raise InputError(f"load: a path is needed, but {type(path).__name__} was given. Use `parse` for text.")
    return _script(*read_yaml(Path(path), kind="call script"))


def parse(text: str, name: str = "script") -> Script:
    """The call script in a text; `name` stands in messages.

    Raises
    ------
    InputError
        With line and column: it is not YAML, or is not a call script.

    Examples
    --------
    >>> parse(TINY).nodes[0].replies[0].intent
    'busy'
    """
    if not isinstance(text, str):
        raise InputError(f"parse: text is needed, but {type(text).__name__} was given.")
    return _script(*parse_yaml(text, name, kind="call script"))


def _script(content: Any, source: Source) -> Script:
    script = validated(Script, content, source)
    script._source = source
    return script
