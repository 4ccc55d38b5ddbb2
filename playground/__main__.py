"""`python -m playground` is `playground`."""

from playground.cli import main

main()
