"""`python -m local demo` and `python -m local up`: the same command as `claimrail`, before it is installed."""

from local.main import main

main()
