"""Proofs as JSON files that stand alone: made from a store, checked without one (docs/audit.md)."""

from .checking import BadProof as BadProof
from .checking import Shown as Shown
from .checking import check_proof as check_proof
from .model import Consistency as Consistency
from .model import Inclusion as Inclusion
