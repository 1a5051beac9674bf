"""The widgets of the phone laboratory, to be made without loading them before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from crmsim.widgets.scripting import ScriptEditor


def script_editor(text: str | None = None, *, people: pd.DataFrame | None = None) -> ScriptEditor:
    """A call script (话术脚本) to write, check and try: findings and the drawn flow beside the text, calls underneath.

    It works with the keyboard alone: Tab leaves the text, which checks it, and goes from button to button.

    Parameters
    ----------
    text : str, optional
        The script at the start, as YAML; by default the smallest example. Calls are compared with it.
    people : DataFrame, optional
        Who is called, from `crm.phone.callees`; by default 200 customers of the shipped retailer.

    Returns
    -------
    ScriptEditor
        Shown when it is the last line of a cell; `.checked` and `.called` hold what is shown.

    Raises
    ------
    InputError
        `ipywidgets` is not installed, or the text is no script.

    Examples
    --------
    >>> editor = script_editor()
    >>> editor.controls["text"].value = editor.controls["text"].value.replace("to: later", "to: latter")
    >>> editor.checked.findings[0].advice
    "Did you mean 'later'?"
    """
    from crmsim.widgets.needing import need_ipywidgets

    need_ipywidgets("editor")
    from crmsim.widgets.scripting import ScriptEditor

    return ScriptEditor(text, people)
