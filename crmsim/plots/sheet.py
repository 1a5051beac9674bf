"""Three pictures of a run on one sheet, as numbers and words; `crmsim.plots.figure` draws them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from crmsim.plots.pictures import Bands, Deciles, Shades


@dataclass(frozen=True)
class Sheet:
    """What `overview` draws."""

    title: str
    bands: Bands
    shades: Shades
    deciles: Deciles

    def as_dict(self) -> dict[str, Any]:
        """The sheet as plain values, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> Sheet:
        """The sheet that `as_dict` took apart."""
        return cls(
            title=content["title"],
            bands=Bands(**content["bands"]),
            shades=Shades(**content["shades"]),
            deciles=Deciles(**content["deciles"]),
        )
