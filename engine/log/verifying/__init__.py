"""Verifying a log: every entry, the tree, the checkpoints, the chain of runs, and what is known of it outside."""

from .model import Finding as Finding
from .model import Verification as Verification
from .whole import Outside as Outside
from .whole import verify_log as verify_log
