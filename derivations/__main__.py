"""``python -m derivations`` is the command ``lossproof``."""

import sys

from .cli import main

sys.exit(main())
