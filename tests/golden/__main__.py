"""Keep the files of a new release: `python -m tests.golden 0.2`. Refuses a release that has files."""

import sys

from tests.golden.files import write
from tests.golden.scenario import folded, history

log = history()
write(sys.argv[1], log, folded(log))
