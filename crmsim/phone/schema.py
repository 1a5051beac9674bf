"""The JSON Schema of call scripts, with which editors complete and check them while one writes.

The schema beside this module (``script.schema.json``) is made from the model: ``python -m crmsim.phone.schema`` writes
it again. An editor with YAML support takes it from a first line
``# yaml-language-server: $schema=<path of the file>``. It knows the shape of a script, not what the linter knows.
"""

from __future__ import annotations

import json
from pathlib import Path

FILE = Path(__file__).with_name("script.schema.json")


def schema_text() -> str:
    """The schema as the text of its file."""
    from crmsim.phone.model import Script

    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Script.model_json_schema(by_alias=True),
        "title": "Call script",
    }
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(schema_text(), encoding="utf-8")
