// Gradients of weights: sums over pixels, or rows, of products of inputs and outputs' gradients.
//
// Inputs and gradients of some pixels are laid out in panels of a few channels: pixel after pixel, that a tile of the
// result reads in its order. A panel of inputs serves all places of a filter, each from another pixel on.
#include <cstring>
#include <numeric>

#include "products.h"

namespace tripletlab {
namespace {

/** About as many pixels are laid out at once, so that their panels stay in a core's caches. */
constexpr int64_t PIXELS = 256;
/** So many pixels' numbers are copied into panels together. */
constexpr int64_t AT_A_TIME = 8;
/** Sums over more pixels are taken in parts, up to so many. */
constexpr int64_t PIXELS_OF_PART = 2048, MOST_PARTS = 32;

/** Pixels side by side: the first one's place in a panel of inputs, and how many there are. */
struct Run {
  int64_t first, count;
};

using Tile = void (*)(const Run*, int64_t, const float*, int64_t, const float*, float*, int64_t);
using LayOut = void (*)(const float*, int64_t, int64_t, int64_t, int64_t, float*);

// Adds to a tile of a result, of ROWS inputs and LANES x VECTORS outputs, the products' sums over the pixels of `runs`.
// `step` numbers lie between an input and the next pixel's; the gradients of all runs follow each other. The compiler
// keeps the sums in registers: loops over them are unrolled.
#define TRIPLETLAB_TILE(NAME, TARGET, LANES, VECTORS)                                                                  \
  template <int ROWS>                                                                                                  \
  TARGET void NAME(const Run* runs, int64_t count, const float* x, int64_t step, const float* dy, float* to,           \
                   int64_t columns) {                                                                                  \
    typedef float Vector __attribute__((vector_size(4 * LANES), aligned(4)));                                          \
    Vector sums[ROWS][VECTORS] = {};                                                                                   \
    for (int64_t run = 0; run < count; run++) {                                                                        \
      const float* from = x + runs[run].first;                                                                         \
      for (int64_t pixel = 0; pixel < runs[run].count; pixel++, from += step, dy += LANES * VECTORS) {                 \
        Vector row[VECTORS];                                                                                           \
        _Pragma("GCC unroll 8") for (int j = 0; j < VECTORS; j++) row[j] =                                             \
            *reinterpret_cast<const Vector*>(dy + j * LANES);                                                          \
        _Pragma("GCC unroll 16") for (int i = 0; i < ROWS; i++)                                                        \
            _Pragma("GCC unroll 8") for (int j = 0; j < VECTORS; j++) sums[i][j] += from[i] * row[j];                  \
      }                                                                                                                \
    }                                                                                                                  \
    _Pragma("GCC unroll 16") for (int i = 0; i < ROWS; i++) _Pragma("GCC unroll 8") for (int j = 0; j < VECTORS; j++)  \
        *reinterpret_cast<Vector*>(to + i * columns + j * LANES) += sums[i][j];                                        \
  }

#if defined(__x86_64__)
TRIPLETLAB_TILE(tile_avx512, __attribute__((target("avx512f"))), 16, 2)
TRIPLETLAB_TILE(tile_avx2, __attribute__((target("avx2,fma"))), 8, 2)
#endif
TRIPLETLAB_TILE(tile_plain, , 4, 2)

/** Copies channels of pixels, `step` apart, into panels of WIDTH channels, `distance` apart; the last ends with zeros. */
template <int WIDTH>
void lay_out(const float* x, int64_t step, int64_t pixels, int64_t channels, int64_t distance, float* to) {
  // a few pixels at a time: what is read of them stays in the cache, and what is written of a panel lies together
  for (int64_t pixel = 0; pixel < pixels; pixel += AT_A_TIME) {
    const auto end = std::min(pixels, pixel + AT_A_TIME);
    for (int64_t first = 0; first < channels; first += WIDTH)
      for (auto k = pixel; k < end; k++) {
        const auto* from = x + k * step + first;
        __builtin_prefetch(from + AT_A_TIME * step);
        auto* panel = to + first / WIDTH * distance + k * WIDTH;
        if (first + WIDTH <= channels)
          std::memcpy(panel, from, WIDTH * sizeof(float));
        else
          for (int64_t c = 0; c < WIDTH; c++) panel[c] = first + c < channels ? from[c] : 0;
      }
  }
}

/** The tiles for a processor: by their number of rows, of at most `rows`. */
struct Tiles {
  int64_t rows, columns;
  Tile by_rows[9];
  LayOut lay_out_inputs, lay_out_gradients;
};

const Tiles& tiles() {
#if defined(__x86_64__)
  static const Tiles avx512 = {8, 32,
                               {nullptr, tile_avx512<1>, tile_avx512<2>, tile_avx512<3>, tile_avx512<4>, tile_avx512<5>,
                                tile_avx512<6>, tile_avx512<7>, tile_avx512<8>},
                               lay_out<8>, lay_out<32>};
  static const Tiles avx2 = {6, 16,
                             {nullptr, tile_avx2<1>, tile_avx2<2>, tile_avx2<3>, tile_avx2<4>, tile_avx2<5>, tile_avx2<6>},
                             lay_out<6>, lay_out<16>};
  if (instructions() == Instructions::avx512) return avx512;
  if (instructions() == Instructions::avx2) return avx2;
#endif
  static const Tiles plain = {4, 8,
                              {nullptr, tile_plain<1>, tile_plain<2>, tile_plain<3>, tile_plain<4>},
                              lay_out<4>, lay_out<8>};
  return plain;
}

int64_t parts(int64_t length, int64_t size) { return (length + size - 1) / size; }

/** What lies along an axis: whole numbers, of pixels or of channels. */
struct Range {
  int64_t begin, end;
  int64_t length() const { return end - begin; }
  /** One of `count` shares of about equal length, each a multiple of `unit` but for the last. */
  Range share(int64_t index, int64_t count, int64_t unit) const {
    const auto units = parts(length(), unit);
    return {begin + units * index / count * unit, std::min(end, begin + units * (index + 1) / count * unit)};
  }
};

/** A convolution, whose outputs' lines are taken in pieces: whole lines where they are short. */
struct Problem {
  const float *x, *dy;
  int64_t height, width, in;
  int64_t p, q, out;
  int64_t filter[2], stride[2], padding[2];

  int64_t piece() const { return std::min(q, PIXELS); }
  int64_t pieces_of_line() const { return parts(q, PIXELS); }
  /** How many are laid out at once. */
  int64_t at_once() const { return std::max<int64_t>(1, PIXELS / q); }
  /** How many inputs the outputs of a piece see along a line, and how many lines those of all at once see at most. */
  int64_t columns_seen() const { return (piece() - 1) * stride[1] + filter[1]; }
  int64_t lines_seen() const { return at_once() * std::max(stride[0], filter[0]); }
};

/** A task: pieces, inputs and outputs; what it lays out them in, and the sums [h, w, in, columns] that it adds to. */
struct Task {
  Range pieces, in, out;
  float *inputs, *gradients, *sums;
  int64_t columns;
};

/** A part of a line of a picture, from column `first` on; line and columns may be padding. */
struct Line {
  int64_t picture, y, first;
};

/** The lines that some pieces see, and where in a panel of them each piece's first input is. */
struct Seen {
  std::vector<Line> lines;
  std::vector<Run> runs;
  int64_t pixels = 0;
};

Seen seen_by(const Problem& a, const Range& pieces) {
  Seen all;
  auto& lines = all.lines;
  size_t start = 0;
  for (auto i = pieces.begin; i < pieces.end; i++) {
    const auto line = i / a.pieces_of_line(), begin = i % a.pieces_of_line() * PIXELS;
    const Line top = {line / a.p, line % a.p * a.stride[0] - a.padding[0], begin * a.stride[1] - a.padding[1]};
    // the lines of one picture follow each other: a piece may see some that the piece before it sees
    if (start == lines.size() || lines[start].picture != top.picture || lines[start].first != top.first) start = lines.size();
    const auto first = start == lines.size() ? top.y : lines[start].y;
    for (auto y = first + static_cast<int64_t>(lines.size() - start); y < top.y + a.filter[0]; y++)
      lines.push_back({top.picture, y, top.first});
    const auto count = std::min(PIXELS, a.q - begin);
    all.runs.push_back({(static_cast<int64_t>(start) + top.y - first) * a.columns_seen() * tiles().rows, count});
    all.pixels += count;
  }
  return all;
}

/** Lays out lines of inputs, one after the other, in panels `distance` apart, with zeros for padding. */
void lay_out_lines(const Problem& a, const Task& task, const std::vector<Line>& lines, int64_t distance) {
  const auto width = tiles().rows, columns = a.columns_seen();
  auto* to = task.inputs;
  for (const auto& line : lines) {
    const bool within = line.y >= 0 && line.y < a.height;
    const auto begin = within ? std::clamp<int64_t>(-line.first, 0, columns) : columns;
    const auto end = within ? std::clamp<int64_t>(a.width - line.first, begin, columns) : columns;
    for (int64_t panel = 0; panel < parts(task.in.length(), width); panel++) {
      auto* from = to + panel * distance;
      std::fill(from, from + begin * width, 0.0f);
      std::fill(from + end * width, from + columns * width, 0.0f);
    }
    const auto pixel = (line.picture * a.height + line.y) * a.width + line.first + begin;
    if (begin < end)
      tiles().lay_out_inputs(a.x + pixel * a.in + task.in.begin, a.in, end - begin, task.in.length(), distance,
                             to + begin * width);
    to += columns * width;
  }
}

/** Adds what a task's pieces give to its sums. */
void add(const Problem& a, const Task& task) {
  const auto& tile = tiles();
  for (auto first = task.pieces.begin; first < task.pieces.end; first += a.at_once()) {
    const auto seen = seen_by(a, {first, std::min(task.pieces.end, first + a.at_once())});
    const auto line = a.columns_seen() * tile.rows, lines = static_cast<int64_t>(seen.lines.size());
    lay_out_lines(a, task, seen.lines, lines * line);
    const auto pixel = first / a.pieces_of_line() * a.q + first % a.pieces_of_line() * PIXELS;
    tile.lay_out_gradients(a.dy + pixel * a.out + task.out.begin, a.out, seen.pixels, task.out.length(),
                           seen.pixels * tile.columns, task.gradients);
    for (auto out = task.out.begin; out < task.out.end; out += tile.columns)
      for (auto in = task.in.begin; in < task.in.end; in += tile.rows)
        for (int64_t place = 0; place < a.filter[0] * a.filter[1]; place++) {
          const auto *inputs = task.inputs + (in - task.in.begin) / tile.rows * lines * line +
                               place / a.filter[1] * line + place % a.filter[1] * tile.rows,
                     *gradients = task.gradients + (out - task.out.begin) * seen.pixels;
          tile.by_rows[std::min(tile.rows, task.in.end - in)](
              seen.runs.data(), seen.runs.size(), inputs, a.stride[1] * tile.rows, gradients,
              task.sums + (place * a.in + in) * task.columns + out, task.columns);
        }
  }
}

}  // namespace

at::Tensor weight_gradient(const at::Tensor& x, const at::Tensor& dy, const std::vector<int64_t>& shape,
                           const std::vector<int64_t>& strides, const std::vector<int64_t>& padding) {
  const auto inputs = packed(x), gradients = packed(dy);
  if (x.numel() == 0 || dy.numel() == 0) return at::zeros(shape, inputs.options());
  const Problem a{numbers(inputs), numbers(gradients),
                  x.size(1), x.size(2), x.size(3), dy.size(1), dy.size(2), dy.size(3),
                  {shape[0], shape[1]}, {strides[0], strides[1]}, {padding[0], padding[1]}};
  const auto& tile = tiles();
  const auto columns = parts(a.out, tile.columns) * tile.columns;
  // as many parts on any number of threads, for equal roundings; their sums together are no larger than what they sum
  const auto most = std::min(MOST_PARTS, (x.numel() + dy.numel()) / (shape[0] * shape[1] * a.in * a.out));
  const auto sums = std::clamp<int64_t>(dy.numel() / a.out / PIXELS_OF_PART, 1, std::max<int64_t>(1, most));
  const Range pieces = {0, x.size(0) * a.p * a.pieces_of_line()}, in = {0, a.in}, out = {0, a.out};
  // where threads cannot have as many parts each, they share the side of the gradient that has more tiles
  const int64_t threads = at::get_num_threads(), rows_of_tiles = parts(a.in, tile.rows), columns_of_tiles = columns / tile.columns;
  const bool by_in = rows_of_tiles > columns_of_tiles;
  const auto shares = sums >= 4 * threads
                          ? 1
                          : std::min(threads / std::gcd(sums, threads), std::max(rows_of_tiles, columns_of_tiles));
  const auto room_of_inputs =
      parts(rows_of_tiles, by_in ? shares : 1) * tile.rows * a.lines_seen() * a.columns_seen();
  const auto room_of_task =
      room_of_inputs + parts(columns_of_tiles, by_in ? 1 : shares) * tile.columns * a.at_once() * a.piece();
  const auto all = at::zeros({sums, shape[0], shape[1], a.in, columns}, inputs.options());
  const auto rooms = at::empty({threads, room_of_task}, inputs.options());
  auto *to = all.data_ptr<float>(), *room = rooms.data_ptr<float>();
  at::parallel_for(0, sums * shares, 1, [&](int64_t begin, int64_t end) {
    auto* mine = room + at::get_thread_num() * room_of_task;
    for (auto i = begin; i < end; i++) {
      const auto part = i % sums, share = i / sums;
      add(a, {pieces.share(part, sums, 1), by_in ? in.share(share, shares, tile.rows) : in,
              by_in ? out : out.share(share, shares, tile.columns), mine, mine + room_of_inputs, to + part * all.stride(0),
              columns});
    }
  });
  // one after the other on any number of threads, in memory that does not keep the other parts'
  const auto dw = sums == 1 ? all.select(0, 0) : all.select(0, 0).clone();
  for (int64_t part = 1; part < sums; part++) dw.add_(all.select(0, part));
  return dw.narrow(3, 0, a.out).contiguous();
}

at::Tensor weight_gradient(const at::Tensor& x, const at::Tensor& dy) {
  const auto n = x.size(0), in = x.size(1), out = dy.size(1);  // rows are the pixels of one line
  return weight_gradient(x.reshape({1, 1, n, in}), dy.reshape({1, 1, n, out}), {1, 1, in, out}, {1, 1}, {0, 0}).view({in, out});
}

}  // namespace tripletlab
