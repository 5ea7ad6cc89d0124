"""Write every scenario's input anew: `python -m tests.scenarios`."""

from tests.scenarios.story import FOLDER, text
from tests.scenarios.written import STORIES

for name, story in STORIES.items():
    folder = FOLDER / name
    folder.mkdir(exist_ok=True)
    (folder / "input.jsonl").write_text(text(story()), encoding="utf-8")
