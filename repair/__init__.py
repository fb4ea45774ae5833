"""mt-repair: repairs machine-translated English when the source text is gone.

import repair
repairer = repair.load()
result = repairer.repair("The presidents met at a top in Geneva.")
print(result.text)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from repair.types import Document, Repair

if TYPE_CHECKING:
    from repair.api import Repairer as Repairer
    from repair.api import load as load

__all__ = ["Document", "Repair", "Repairer", "load"]


def __getattr__(name: str) -> Any:
    """Load `load` and `Repairer` when they are first asked for: importing `repair` alone costs nothing."""
    if name in ("load", "Repairer"):
        from repair import api

        return getattr(api, name)
    raise AttributeError(f"module 'repair' has no attribute {name!r}")
