from __future__ import annotations

from repair.report.marks import LINE_END, Row, context, places, rows
from repair.types import Kind, Origin, Repair, Verdict

from .conftest import MakeRepair
