"""The files that the pictures are taken of, beside the samples: some that nobody wishes for."""

import shutil
from pathlib import Path

import numpy as np

from ckpt_viewer import open_checkpoint
from ckpt_viewer.resources import sample_run
from tests.bundle_writer import write_bundle

LONG = "/".join(["model", "a_scope_whose_name_goes_on_and_on"] * 6) + "/kernel"


def make_material(folder: Path) -> Path:
    """Files nobody wishes for, below one folder."""
    chance = np.random.default_rng(3)
    normal = chance.normal(size=(64, 96)).astype(np.float32)
    broken = normal.copy()
    broken[10:20, 30:50] = np.nan
    broken[40, :] = np.inf
    broken[:, 80] = -np.inf
    outlier = chance.random((2048, 2048)).astype(np.float32)
    outlier[600, 1400] = 1000
    write_bundle(
        folder / "odd" / "odd.ckpt-7",
        {
            "all_nan": np.full((40, 40), np.nan, np.float32),
            "broken": broken,
            "constant": np.full((32, 32), 0.25, np.float32),
            "empty": np.zeros((0, 128), np.float32),
            "scalar": np.float32(0.001),
            "one_outlier": np.where(
                np.arange(1 << 22).reshape(2048, 2048) == 1234567, 1000, chance.random((2048, 2048))
            ).astype(np.float32),
            "wide_integers": chance.integers(-(2**62), 2**62, (50, 8)),
            "flags": chance.random((30, 30)) > 0.7,
            LONG: normal,
            LONG + "/Adam": normal,
            LONG + "/Adam_1": normal,
            "<b>bold</b> & <img src=x>": normal[:3],
            "语言模型/嵌入/権重": normal[:20],
            "evil\u202egnp.exe\x1b[31m\nname": normal[:2],
        },
    )
    write_bundle(
        folder / "big" / "big.ckpt-100000",
        {f"tower_{i % 8}/block_{i // 8:05}/layer/kernel": normal[:2, :3] for i in range(20_000)},
    )
    for step in ("1000", "2000"):
        for file in sample_run().glob(f"digits-{step}.*"):
            for name in ("no_data", "damaged", "copy"):
                (folder / name).mkdir(parents=True, exist_ok=True)
                shutil.copy(file, folder / name / file.name)
    (folder / "no_data" / "digits-2000.data-00000-of-00001").unlink()
    data = folder / "damaged" / "digits-2000.data-00000-of-00001"
    with open_checkpoint(folder / "damaged" / "digits-2000") as checkpoint:
        offset = checkpoint.find("conv2/kernel").offset or 0
    content = data.read_bytes()
    data.write_bytes(content[:offset] + b"damage" + content[offset + 6 :])
    make_other_save(folder / "other_save", normal)
    make_pairs(folder / "pairs", normal)
    make_odd_run(folder / "odd_run")
    (folder / "foreign").mkdir()
    (folder / "foreign" / "model.ckpt-1.index").write_bytes(b"<!DOCTYPE html><html>404</html>" * 9)
    (folder / "nothing").mkdir()
    (folder / "nothing" / "weights.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(64))
    (folder / "nothing" / "notes.txt").write_text("nothing here")
    return folder


def make_other_save(folder: Path, normal: np.ndarray) -> None:
    """Data of another save, and a state file that leads elsewhere."""
    names = [LONG, LONG + "/Adam", "<b>bold</b> & <img src=x>", "evil\u202egnp.exe\x1b[31m\nname"]
    names += [f"tower/block_{number}/kernel" for number in range(2000)]
    write_bundle(folder / "later" / "m-9", dict.fromkeys(names, normal[:3] + 1))
    write_bundle(folder / "m-9", dict.fromkeys(names, normal[:3]))
    data = "m-9.data-00000-of-00001"
    shutil.copy(folder / "later" / data, folder / data)
    (folder / "m-9.data-00001-of-00002").touch()
    (folder / "checkpoint").write_text('model_checkpoint_path: "/srv/training/run-7/m-9"\n')
    shutil.rmtree(folder / "later")


def make_pairs(folder: Path, normal: np.ndarray) -> None:
    """Two checkpoints that differ in every way there is."""
    chance = np.random.default_rng(4)
    huge = chance.normal(size=(3000, 2400)).astype(np.float32)
    both = {
        "same": normal,
        "flags": normal > 0,
        LONG: normal,
        "row": normal[0],
    }
    broken = normal.copy()
    broken[3:9, 4:20] = np.nan
    write_bundle(
        folder / "old_model.ckpt-100",
        {
            **both,
            "embedding": normal,
            "only_here/kernel": normal,
            "scalar": np.float32(1.5),
            "broken": normal,
            "huge": huge,
            "precision": normal,
        },
    )
    write_bundle(
        folder / "new_model.ckpt-200",
        {
            **both,
            LONG: normal * 1.01,
            "embedding": normal[:40, :48],
            "added/kernel": normal[:8, :8],
            "scalar": np.float32(1.25),
            "broken": broken,
            "huge": huge + 0.01,
            "precision": normal.astype(np.float64),
            "row": normal[0] * -1,
        },
    )


def make_odd_run(folder: Path) -> None:
    """A long run in which things go wrong: data that are gone, saves without the variable, NaN at last."""
    chance = np.random.default_rng(5)
    values = np.zeros((64, 48), np.float32)
    for step in range(1000, 25_000, 1000):
        values = values + chance.normal(0.002 * step / 1000, 0.02, values.shape).astype(np.float32)
        shown = values.copy()
        if step >= 21_000:
            shown[: step // 4000, 3:9] = np.nan
            shown[7, 7] = np.inf if step == 23_000 else 0
        arrays = {"kernel": shown[:, :40] if step == 2000 else shown, "bias": shown[0]}
        if step in (7000, 8000):
            del arrays["kernel"]
        write_bundle(folder / f"digits-{step}", arrays)
    (folder / "digits-12000.data-00000-of-00001").unlink()
