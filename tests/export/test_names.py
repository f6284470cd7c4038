from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckpt_viewer.export.names import Places, safe_key, safe_parts, unique_keys

any_name = st.text(st.characters(codec=None), max_size=40) | st.text("./\\:~ aA\x00", max_size=12)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("conv1/kernel", ("conv1", "kernel")),
        ("w:0", ("w_0",)),
        ("../up", ("__", "up")),
        ("a/./b", ("a", "_", "b")),
        ("/etc/passwd", ("etc", "passwd")),
        ("a//b/", ("a", "b")),
        ("C:\\windows", ("C__windows",)),
        ("", ("_",)),
        ("///", ("_",)),
        ("con", ("_con",)),
        ("LPT1/nul.txt", ("_LPT1", "_nul.txt")),
        ("conv", ("conv",)),
        ("dot. .", ("dot___",)),
        ("new\nline", ("new_line",)),
        ("bad\udcff", ("bad_",)),
        ("rtl/\u202eabc", ("rtl", "_abc")),
        ("ünïcode/名前", ("ünïcode", "名前")),
    ],
)
def test_names_become_safe_folders_and_files(name, parts):
    assert safe_parts(name) == parts


@given(any_name)
def test_no_name_reaches_beyond_its_folder(name):
    for part in safe_parts(name):
        assert part not in ("", ".", "..")
        assert Path(part).name == part
        assert PureWindowsPath(part).name == part
        assert not PureWindowsPath(part).drive
        assert not part.endswith((".", " "))
        assert len(part.encode()) <= 255 - len(".safetensors~999999")


def test_a_long_name_is_cut_between_characters():
    (part,) = safe_parts("名" * 300)
    assert set(part) == {"名"}


@pytest.mark.parametrize("name", ["a/" * 1900 + "x", ("b" * 200 + "/") * 40 + "x", "名前/" * 31 + "x" * 9000])
def test_a_deep_or_long_name_becomes_a_path_that_can_be_made(name, tmp_path):
    parts = safe_parts(name)
    assert len(parts) <= 32
    assert parts[-1].endswith("x")
    assert len("/".join(parts).encode()) <= 2048
    tmp_path.joinpath(*parts).mkdir(parents=True)


def test_names_of_a_few_levels_keep_them_all():
    assert safe_parts("a/" * 31 + "x") == ("a",) * 31 + ("x",)


def test_deep_names_that_differ_in_the_middle_only_stay_apart():
    places = Places(".npy")
    names = ["a/" * 900 + middle + "/a" * 900 for middle in "bcd"]
    assert len({places.take(safe_parts(name)) for name in names}) == 3
    assert len(set(unique_keys(["a/" * 200_000 + name for name in ("x", "y", "/x")]))) == 3


def test_a_key_is_never_longer_than_an_archive_can_hold():
    (key,) = unique_keys(["a/" * 200_000 + "x"])
    assert len(key.encode()) < 65_000


def test_names_that_become_the_same_file_are_numbered():
    places = Places(".npy")
    taken = [places.take(safe_parts(name)).as_posix() for name in ("a:b", "a?b", "a*b", "a_b~2")]
    assert taken == ["a_b.npy", "a_b~2.npy", "a_b~3.npy", "a_b~2~2.npy"]


def test_upper_and_lower_case_and_composed_letters_are_one():
    places = Places(".npy")
    taken = [places.take((name,)).as_posix() for name in ("w", "W", "a\u0301", "\u00e1", "ß", "SS")]
    assert taken == ["w.npy", "W~2.npy", "a\u0301.npy", "\u00e1~2.npy", "ß.npy", "SS~2.npy"]


def test_a_folder_and_a_file_do_not_share_a_name():
    places = Places(".npy")
    taken = [places.take(safe_parts(name)).as_posix() for name in ("a", "a.npy/b", "c.npy/d", "c")]
    assert taken == ["a.npy", "a.npy~2/b.npy", "c.npy/d.npy", "c~2.npy"]


@given(st.lists(any_name, unique=True, max_size=30))
def test_no_two_names_collide(names):
    places = Places(".npy")
    taken = [places.take(safe_parts(name)) for name in names]
    folders = {parent.as_posix().casefold() for place in taken for parent in place.parents}
    files = {place.as_posix().casefold() for place in taken}
    assert len(files) == len(names)
    assert not files & folders


@pytest.mark.parametrize("name", ["conv1/kernel", "w:0", "ünïcode/名前", ".hidden", "a b", "a//b", "trail/"])
def test_a_harmless_name_is_its_own_key(name):
    assert safe_key(name) == name


@pytest.mark.parametrize("name", ["../up", "/lead", "C:/x", "back\\slash", "nul\0", "bad\udcff"])
def test_a_harmful_name_gets_a_safe_key(name):
    assert safe_key(name) == "/".join(safe_parts(name))


@given(st.lists(any_name, unique=True, max_size=30))
def test_keys_are_unique_and_can_be_encoded(names):
    keys = unique_keys(names)
    assert len(set(keys)) == len(names)
    for key in keys:
        key.encode()


def test_a_key_made_of_another_name_never_takes_that_of_a_variable():
    assert unique_keys(["/a", "a", "a//b", "a/b", "//a"]) == ["a~2", "a", "a//b", "a/b", "a~3"]


@given(st.lists(any_name, unique=True, max_size=30))
def test_a_harmless_name_is_its_own_key_whatever_comes_with_it(names):
    for name, key in zip(names, unique_keys(names), strict=True):
        assert key == name or safe_key(name) != name
