"""A notebook that simulates does not compile the engine again in every submission."""

from __future__ import annotations

import io
import tarfile
import time
from typing import Any

import pytest

from crmsim.course.sandbox.caches import caches
from crmsim.course.sandbox.keeper import Sandbox
from crmsim.course.sandbox.limits import Limits
from crmsim.course.sandbox.outputs import Outputs

ASK = "from crmsim.engine import kernel\nlen(kernel.live.signatures)"


def nothing() -> bytes:
    content = io.BytesIO()
    tarfile.open(fileobj=content, mode="w").close()
    return content.getvalue()


@pytest.mark.parametrize(("warm", "n_compiled"), [(("crmsim:rfm",), "0"), (("crmsim:rfm", "crmsim:simulate"), "1")])
def test_the_template_has_the_compiled_kernel_where_a_notebook_simulates(
    walls: None, warm: tuple[str, ...], n_compiled: str,
) -> None:
    one = Sandbox(Limits(seconds=60), warm=warm, caches=caches())
    messages: list[Any] = []
    with one.visit(nothing(), name="u07", until=time.monotonic() + 60) as visit:
        visit.execute(ASK, messages)
    one.close()
    (found,) = Outputs().of_cell(messages)
    assert found.data["text/plain"] == n_compiled
