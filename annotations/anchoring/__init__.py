"""Where a passage of one state of a text lies in the next. Pure; docs/decisions/anchoring.md says how and how well."""

from annotations.anchoring.placing import Anchoring, Placement

__all__ = ["Anchoring", "Placement"]
