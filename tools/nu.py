"""The Nu Html Checker, which says where a page is not valid HTML: a Java program that comes as a package for Node."""

import shutil

from tools import debian, environment, npm

FOLDER = environment.ROOT / "tests" / "markup"
JAR = FOLDER / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def find() -> tuple[str, ...]:
    """Give the words that start Java with the checker, both fetched if need be; none when they are not to be had."""
    java = shutil.which("java") or (_install_java() and shutil.which("java")) or ""
    return (java, "-cp", str(JAR)) if java and npm.ensure(FOLDER) and JAR.exists() else ()


def _install_java() -> bool:
    print("No Java on this machine: fetching Debian's …", flush=True)
    return debian.may_install() and debian.install("default-jre-headless")
