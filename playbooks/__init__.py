"""The shipped playbooks, as text files beside this module."""
