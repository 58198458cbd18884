"""`python -m shopwright`."""

from shopwright.entrypoints.cli import main

raise SystemExit(main())
