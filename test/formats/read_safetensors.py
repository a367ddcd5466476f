"""Prints what a safetensors file holds, as JSON: an independent reader of the published layout."""
import json
import struct
import sys

CODES = {
    'F64': 'd', 'F32': 'f', 'F16': 'e', 'I64': 'q', 'I32': 'i', 'I16': 'h', 'I8': 'b',
    'U64': 'Q', 'U32': 'I', 'U16': 'H', 'U8': 'B', 'BOOL': '?',
}  # fmt: skip

bytes_ = open(sys.argv[1], 'rb').read()
(size,) = struct.unpack('<Q', bytes_[:8])
text = bytes_[8 : 8 + size]
header = json.loads(text)
data = bytes_[8 + size :]
metadata = header.pop('__metadata__', {})
tensors = {}
end = 0
for name, entry in sorted(header.items(), key=lambda item: item[1]['data_offsets']):
    start, stop = entry['data_offsets']
    code = CODES[entry['dtype']]
    width = struct.calcsize('<' + code)
    assert start == end, 'hole or overlap'
    assert start % width == 0, 'not aligned'
    count = 1
    for length in entry['shape']:
        count *= length
    assert stop - start == count * width
    values = struct.unpack('<%d%s' % (count, code), data[start:stop])
    tensors[name] = [entry['dtype'], entry['shape'], [v.hex() if isinstance(v, float) else str(int(v)) for v in values]]
    end = stop
assert end == len(data)
json.dump({'tensors': tensors, 'metadata': metadata, 'aligned': size % 8 == 0, 'first': chr(text[0])}, sys.stdout)
