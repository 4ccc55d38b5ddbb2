"""Pure state machines, one package an algorithm; each file can be read beside its paper.

The law here: no clock, no dice, no log, no I/O. Facts come in, wishes go out (see `machine`).
"""
