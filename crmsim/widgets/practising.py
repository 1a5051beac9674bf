"""Makers of the widgets for practice of a service: etiquette. Nothing is loaded before a widget is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsim.widgets.needing import need_ipywidgets

if TYPE_CHECKING:
    from crmsim.widgets.trainer import EtiquetteTrainer


def etiquette_trainer(*, seed: int = 1) -> EtiquetteTrainer:
    """Five pages to practise etiquette (礼仪): dress, jewellery, handshake, doorstep, calling calendar.

    Every change shows at once which rule is broken, what shows it, and what the rule says in English and Chinese. All
    works with the keyboard alone: Tab goes from one control to the next, the arrow keys change it.

    Parameters
    ----------
    seed : int
        Which sixty scenes of the page "handshake".

    Returns
    -------
    EtiquetteTrainer
        Shown when it is the last line of a cell; `.judged` holds the broken rules by page.

    Raises
    ------
    InputError
        `ipywidgets` is not installed.

    Examples
    --------
    >>> trainer = etiquette_trainer()
    >>> trainer.controls["doorstep early"].value = 6
    >>> trainer.judged["doorstep"].findings
    []
    """
    need_ipywidgets("trainer")
    from crmsim.widgets.trainer import EtiquetteTrainer

    return EtiquetteTrainer(seed=seed)
