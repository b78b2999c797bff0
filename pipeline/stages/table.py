"""The stages by the name that due work and bells carry."""

from pipeline.stages.acknowledge import acknowledge
from pipeline.stages.asking import ask
from pipeline.stages.bundle import bundle
from pipeline.stages.coordinating import coordinate
from pipeline.stages.ingest import ingest
from pipeline.stages.match import match
from pipeline.stages.poll import poll
from pipeline.stages.release import release
from pipeline.stages.render import render
from pipeline.stages.sweep import Stage
from pipeline.stages.take import take
from pipeline.stages.upload import upload
from pipeline.stages.validate import validate
from pipeline.stages.watch import watch

STAGES: dict[str, Stage] = {
    "take": take,
    "validate": validate,
    "bundle": bundle,
    "render": render,
    "upload": upload,
    "ask": ask,
    "poll": poll,
    "acknowledge": acknowledge,
    "ingest": ingest,
    "match": match,
    "coordinate": coordinate,
    "release": release,
    "watch": watch,
}
