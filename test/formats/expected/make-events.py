"""Makes events.json with protobuf and crcmod, the bytes that TensorBoard's own writer gives for some events.

    /usr/bin/python3 test/formats/expected/make-events.py > test/formats/expected/events.json

The messages are those fields of tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto that are used.
With a file's name it reads that instead, checks every sum, and prints the events.
"""

import json
import struct
import sys

import crcmod.predefined
from google.protobuf import __version__, descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.json_format import MessageToDict

DOUBLE, FLOAT, INT64, INT32, STRING, MESSAGE = 1, 2, 3, 5, 9, 11
OPTIONAL, REPEATED = 1, 3

MESSAGES = {
    "SessionLog": [("status", 1, INT32, OPTIONAL, None)],
    "Value": [("tag", 1, STRING, OPTIONAL, None), ("simple_value", 2, FLOAT, OPTIONAL, None)],
    "Summary": [("value", 1, MESSAGE, REPEATED, ".Value")],
    "Event": [
        ("wall_time", 1, DOUBLE, OPTIONAL, None),
        ("step", 2, INT64, OPTIONAL, None),
        ("file_version", 3, STRING, OPTIONAL, None),
        ("summary", 5, MESSAGE, OPTIONAL, ".Summary"),
        ("session_log", 7, MESSAGE, OPTIONAL, ".SessionLog"),
    ],
}
# Members of a oneof, which are written even where they are zero.
CHOICES = ["simple_value", "file_version", "summary", "session_log"]


def event_class():
    file = descriptor_pb2.FileDescriptorProto(name="event.proto", syntax="proto3")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, number, kind, label, of in fields:
            added = message.field.add(name=field, number=number, type=kind, label=label, type_name=of)
            if field in CHOICES:
                added.oneof_index = 0
        if any(field in CHOICES for field, *_ in fields):
            message.oneof_decl.add(name="choice")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    factory = message_factory.MessageFactory(pool)
    return factory.GetPrototype(pool.FindMessageTypeByName("Event"))


Event = event_class()
crc32c = crcmod.predefined.mkPredefinedCrcFun("crc-32c")


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def record(event):
    data = event.SerializeToString()
    length = struct.pack("<Q", len(data))
    return length + struct.pack("<I", masked(length)) + data + struct.pack("<I", masked(data))


def read(path):
    rest = open(path, "rb").read()
    while rest:
        (length,) = struct.unpack("<Q", rest[:8])
        data = rest[12 : 12 + length]
        assert struct.unpack("<I", rest[8:12]) == (masked(rest[:8]),)
        assert struct.unpack("<I", rest[12 + length : 16 + length]) == (masked(data),)
        print(json.dumps(MessageToDict(Event.FromString(data), preserving_proto_field_name=True)))
        rest = rest[16 + length :]


def make():
    head = record(Event(wall_time=1764340000.5, file_version="brain.Event:2"))
    start = Event(wall_time=1764340000.5, step=41)
    start.session_log.status = 1
    cases = []
    for step, scalars in [
        (0, {"loss/step": 0.1}),
        (300, {"loss/step": -1.5e-7, "learning_rate": 0.0, "Schärfe/𝛼": float("inf")}),
        (2**40 + 5, {f"metric {index}/validation": index / 7 for index in range(9)}),
    ]:
        event = Event(wall_time=1764340001.25, step=step)
        for tag, value in scalars.items():
            event.summary.value.add(tag=tag, simple_value=value)
        figures = {tag: str(value) for tag, value in scalars.items()}
        cases.append({"step": step, "scalars": figures, "bytes": record(event).hex()})
    versions = f"protobuf {__version__}"
    print(json.dumps({"versions": versions, "head": (head + record(start)).hex(), "cases": cases}, indent=1))


read(sys.argv[1]) if len(sys.argv) > 1 else make()
