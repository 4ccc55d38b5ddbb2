"""The kinds of services, one file and more for each; `playground.services` finds them by name.

The law: whatever is only so for one system stands here: its settings, machines, wishes, questions, judges and words.
"""
