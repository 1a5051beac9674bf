"""`python -m crmsim.cli`: the command without its script."""

from crmsim.cli import main

main()
