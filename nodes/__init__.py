"""Where machines live: agenda, network, disks, clocks, faults, the world that owns them, and its Trio host.

The law here: the same world, seed and interventions give the same history. Only `host` knows Trio.
"""
