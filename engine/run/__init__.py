"""Deciding what members get: occurrences, stages, journeys, and the commit of a run."""
