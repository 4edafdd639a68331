"""Where a passage of one state of a text lies in the next. Pure; docs/decisions/anchoring.md says how and how well."""

from annotations.anchoring.placing import Anchoring, Placement, likeness

__all__ = ["Anchoring", "Placement", "likeness"]
