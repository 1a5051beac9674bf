"""The lifecycle models of the course, as data: names, order, and what each one looks at.

The handouts cut a customer's life (客户生命周期) in four ways that do not agree in number, names, start or
end. They are kept side by side, and the simulator uses `relationship`, the one with five stages. Only the
phases of `management` have a stage of their own there, by inference (`stage_of`); the handouts give no such
map.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

STAGES = ("acquisition", "growth", "maturity", "decline", "churn")


@dataclass(frozen=True)
class LifecycleModel:
    """One way to cut a customer's life into parts that follow each other.

    Attributes
    ----------
    name_zh : str
        The Chinese name of the model.
    view : str
        Whose development it looks at.
    parts : mapping of str to str
        The parts in order: English key to Chinese name.
    stage_of : mapping of str to str
        The stage of the five-stage model that a part corresponds to, where one can say so (an inference).
    """

    name_zh: str
    view: str
    parts: Mapping[str, str]
    stage_of: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


MODELS: Mapping[str, LifecycleModel] = MappingProxyType(
    {
        "development": LifecycleModel(
            name_zh="客户发展生命周期",
            view="the customer's development",
            parts=MappingProxyType({"attract": "吸引", "acquire": "获得", "manage": "管理", "retain": "保留"}),
        ),
        "relationship": LifecycleModel(
            name_zh="客户关系生命周期",
            view="the development of the relation",
            parts=MappingProxyType(
                dict(zip(STAGES, ("客户获取", "客户提升", "客户成熟", "客户衰退", "客户流失"), strict=True))
            ),
            stage_of=MappingProxyType({stage: stage for stage in STAGES}),
        ),
        "management": LifecycleModel(
            name_zh="客户生命周期管理",
            view="what the firm does, from its production capacity",
            parts=MappingProxyType(
                {"establishment": "建立", "development": "发展", "maturity": "成熟/稳定", "decline": "衰退"}
            ),
            stage_of=MappingProxyType(
                {
                    "establishment": "acquisition",
                    "development": "growth",
                    "maturity": "maturity",
                    "decline": "decline",
                }
            ),
        ),
        "cycle": LifecycleModel(
            name_zh="客户周期理论",
            view="three steps of the firm",
            parts=MappingProxyType({"acquire": "获得", "improve": "提高", "keep": "保持"}),
        ),
    }
)
