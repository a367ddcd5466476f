"""Prints the events of a TensorBoard event file as JSON, checksums verified: a reader of its own, made of the formats' descriptions."""
import json
import struct
import sys


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(data):
    at = 0
    while at < len(data):
        (length,) = struct.unpack_from('<Q', data, at)
        assert struct.unpack_from('<I', data, at + 8)[0] == masked(data[at : at + 8]), 'checksum of a length'
        record = data[at + 12 : at + 12 + length]
        assert len(record) == length
        assert struct.unpack_from('<I', data, at + 12 + length)[0] == masked(record), 'checksum of data'
        yield record
        at += 16 + length


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 2:
            length, at = varint(data, at)
            value, at = data[at : at + length], at + length
        else:
            length = {1: 8, 5: 4}[kind]
            value, at = data[at : at + length], at + length
        assert at <= len(data)
        yield key >> 3, kind, value


events = []
for record in records(open(sys.argv[1], 'rb').read()):
    event = {'step': 0, 'values': []}
    for number, kind, value in fields(record):
        if (number, kind) == (1, 1):
            event['wall_time'] = struct.unpack('<d', value)[0]
        elif (number, kind) == (2, 0):
            event['step'] = value
        elif (number, kind) == (3, 2):
            event['file_version'] = value.decode()
        else:
            assert (number, kind) == (5, 2), 'unknown field of Event'
            for number, kind, value in fields(value):
                assert (number, kind) == (1, 2), 'unknown field of Summary'
                parts = {number: value for number, kind, value in fields(value)}
                assert sorted(parts) == [1, 2], 'a value has a tag and a simple_value'
                event['values'].append([parts[1].decode(), parts[2].hex()])
    events.append(event)
json.dump(events, sys.stdout)
