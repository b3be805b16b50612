"""Maakt een reservekopie van de gegevens van kompasbot, ook terwijl die draait, of zet er een terug.

reservekopie.py maak GEGEVENS KOPIE.tar.gz
reservekopie.py terug KOPIE.tar.gz GEGEVENS

Een gepubliceerde index verandert nooit meer, dus die wordt gewoon gekopieerd. Databases kopieert SQLite zelf.
"""

import os
import shutil
import sqlite3
import sys
import tarfile
import tempfile
import zlib
from contextlib import closing
from pathlib import Path, PurePosixPath

_SQLITE = b"SQLite format 3\0"
_PASSING = (".tmp", ".lock", "-wal", "-shm", "-journal")
_INSIDE = "gegevens"
_DAMAGED = (tarfile.TarError, EOFError, zlib.error)


def make(data: Path, copy: Path) -> None:
    """Pack the data; the copy gets its name when it is whole, and only its maker may read it."""
    if not (data / "index").is_dir() and not (data / "records.db").is_file():
        sys.exit(f"In de map {data} staan geen gegevens van kompasbot. Noem de map uit KOMPASBOT_DATA.")
    if copy.resolve().is_relative_to(data.resolve()):
        sys.exit(
            f"{copy} ligt in de map met gegevens zelf. Kies een plaats daarbuiten, het liefst op een andere schijf."
        )
    if copy.is_dir():
        sys.exit(f"{copy} is een map. Noem een bestand, zoals {copy / 'kompasbot.tar.gz'}.")
    pointer = data / "index" / "CURRENT"
    serving = pointer.read_text(encoding="utf-8") if pointer.is_file() else None
    with tempfile.TemporaryDirectory(prefix=".kopie-", dir=copy.absolute().parent) as folder:
        work, draft = Path(folder, _INSIDE), Path(folder, "kopie.tar.gz")
        shutil.copytree(data, work, ignore=_passing, copy_function=_copied)
        if serving:
            # Meanwhile there may be a newer index: the copy points at one that is in it whole.
            (work / "index" / "CURRENT").write_text(serving, encoding="utf-8")
        with open(draft, "wb", opener=_private) as file:
            with tarfile.open(fileobj=file, mode="w:gz") as tar:
                tar.add(work, _INSIDE)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, copy)
    print(f"Reservekopie gemaakt: {copy}")


def restore(copy: Path, data: Path) -> None:
    """Unpack a copy into an empty or new folder: whole, or not at all."""
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        sys.exit(f"De map {data} is niet leeg. Stop kompasbot en zet de map eerst opzij.")
    if not copy.is_file():
        sys.exit(f"Het bestand {copy} is er niet. Noem een kopie die met 'maak' is gemaakt.")
    is_new = not data.exists()
    data.mkdir(parents=True, exist_ok=True)
    try:
        # Inside the folder itself, which may be a disk of its own: from there things get to their place by a new name.
        with tempfile.TemporaryDirectory(prefix=".terugzetten-", dir=data) as folder:
            _unpack(copy, Path(folder))
            _give_to_owner(Path(folder, _INSIDE), data)
            _move_in(Path(folder, _INSIDE), data)
    except BaseException:
        if is_new:
            data.rmdir()
        raise
    print(f"Teruggezet in {data}. Controleer met: kompasbot doctor")


def _unpack(copy: Path, folder: Path) -> None:
    try:
        with tarfile.open(copy, "r:gz") as tar:
            if hasattr(tarfile, "data_filter"):
                tar.extractall(folder, filter="data")
            else:  # a Python of before this filter: only what a copy holds, and only where it may stand
                tar.extractall(folder, [one for one in tar if _is_ours(one)])
            while tar.fileobj and tar.fileobj.read(1 << 20):  # to the end, where the checksum stands
                pass
    except (*_DAMAGED, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        sys.exit(f"{copy} is beschadigd of geen reservekopie. Er is niets teruggezet. Neem een andere kopie.")
    if not Path(folder, _INSIDE).is_dir():
        sys.exit(f"{copy} is geen reservekopie van kompasbot. Er is niets teruggezet. Neem een andere kopie.")


def _is_ours(member: tarfile.TarInfo) -> bool:
    path = PurePosixPath(member.name)
    return (member.isreg() or member.isdir()) and path.parts[:1] == (_INSIDE,) and ".." not in path.parts


def _give_to_owner(work: Path, data: Path) -> None:
    """What root unpacks is for the user whose folder it is."""
    owner = data.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        for path in (work, *work.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _move_in(work: Path, data: Path) -> None:
    """Put everything in its place, the index last: without it kompasbot does not answer yet."""
    moved: list[Path] = []
    try:
        for path in sorted(work.iterdir(), key=lambda path: path.name == "index"):
            moved.append(path.rename(data / path.name))
    except BaseException:
        for path in moved:
            path.rename(work / path.name)
        raise


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _passing(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.endswith(_PASSING)]


def _copied(source: str, target: str) -> str:
    with open(source, "rb") as file:
        is_database = file.read(len(_SQLITE)) == _SQLITE
    if not is_database:
        return str(shutil.copy2(source, target))
    with closing(sqlite3.connect(source, timeout=30)) as old, closing(sqlite3.connect(target)) as new:
        try:
            old.backup(new)
        except sqlite3.Error as error:
            raise OSError(f"de database is niet te lezen ({error})") from error
    return target


def _told(error: OSError) -> str:
    """What went wrong and where; of many files the first."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        source, _, why = error.args[0][0]
        return f"{source}: {why}"
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)


if __name__ == "__main__":
    try:
        match sys.argv[1:]:
            case ["maak", data, copy]:
                make(Path(data), Path(copy))
            case ["terug", copy, data]:
                restore(Path(copy), Path(data))
            case _:
                sys.exit(__doc__)
    except OSError as error:
        what = "De reservekopie is niet gemaakt" if sys.argv[1] == "maak" else "Er is niets teruggezet"
        sys.exit(f"{what}. {_told(error)}\nKijk of de mappen er zijn, of je er mag schrijven en of er ruimte is.")
    except KeyboardInterrupt:
        sys.exit("Gestopt. Er is niets veranderd.")
