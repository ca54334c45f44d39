"""What starts blocks for single members: facts that have arrived, instants that have come, and what the run itself causes.

Each family of triggers has its module. A finder takes ``(context, block run, progress)`` and fills ``run_triggers`` with what
is new to the block: facts that arrived behind its mark, and those known before whose instant has come since. Watchers do the
same for facts that the run causes; they fall due at T, and start a playbook at most once for a member.
"""
