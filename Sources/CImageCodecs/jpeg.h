// What has to be C of libjpeg: it reports errors through functions that must not return, so that the way out is longjmp,
// which must not cross Swift. Everything else is Swift.
#pragma once
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
// Behind jpeglib.h, which it needs.
#include <jerror.h>

// What a JPEG file says before its pixels.
typedef struct {
  unsigned width;
  unsigned height;
  // One channel of brightness.
  bool is_gray;
  // Four inks, which are decoded as they are stored.
  bool is_cmyk;
  // What the decoder keeps of a file of several scans, to which each of them adds; 0 for others.
  size_t coefficient_bytes;
} jpeg_codec_header;

// Why a function gave up, in the library's words.
typedef struct {
  char text[JMSG_LENGTH_MAX];
} jpeg_codec_reason;

// libjpeg's error manager and where to go when it gives up.
typedef struct {
  // The first member, so that libjpeg's pointer to it is one to the whole.
  struct jpeg_error_mgr manager;
  // The same of what watches progress.
  struct jpeg_progress_mgr progress;
  jmp_buf way_out;
  // Whether every row of the picture was handed over; read after longjmp.
  volatile bool is_complete;
  jpeg_codec_reason *reason;
} jpeg_codec_state;

static inline void jpeg_codec_give_up(j_common_ptr codec) {
  jpeg_codec_state *state = (jpeg_codec_state *)codec->err;
  codec->err->format_message(codec, state->reason->text);
  longjmp(state->way_out, 1);
}

// Warnings are errors, except those that cameras and scanners are known for, which cost no pixel: bytes too many in front
// of a marker, a header's wrong version or selection of coefficients.
static inline void jpeg_codec_message(j_common_ptr codec, int level) {
  if (level >= 0) return;
  switch (codec->err->msg_code) {
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_JFIF_MAJOR:
    case JWRN_ADOBE_XFORM:
    case JWRN_NOT_SEQUENTIAL:
      return;
    default:
      jpeg_codec_give_up(codec);
  }
}

// A file of a few kB may hold thousands of scans, each a pass over the picture.
static inline void jpeg_codec_count_scans(j_common_ptr codec) {
  jpeg_codec_state *state = (jpeg_codec_state *)codec->err;
  const int limit = 500;
  if (((j_decompress_ptr)codec)->input_scan_number <= limit) return;
  snprintf(state->reason->text, sizeof state->reason->text, "it has more than %d scans", limit);
  longjmp(state->way_out, 1);
}

static inline struct jpeg_error_mgr *jpeg_codec_prepare(jpeg_codec_state *state, jpeg_codec_reason *reason) {
  memset(state, 0, sizeof *state);
  jpeg_std_error(&state->manager);
  state->manager.error_exit = jpeg_codec_give_up;
  state->manager.emit_message = jpeg_codec_message;
  state->progress.progress_monitor = jpeg_codec_count_scans;
  state->reason = reason;
  return &state->manager;
}

// Reads as far as the first scan; false with a reason if the bytes end before it or make no sense.
static inline bool jpeg_codec_read_header(
    const unsigned char *bytes, size_t count, jpeg_codec_header *header, jpeg_codec_reason *reason) {
  struct jpeg_decompress_struct decoder;
  jpeg_codec_state state;
  memset(&decoder, 0, sizeof decoder);
  decoder.err = jpeg_codec_prepare(&state, reason);
  if (setjmp(state.way_out)) {
    jpeg_destroy_decompress(&decoder);
    return false;
  }
  jpeg_create_decompress(&decoder);
  jpeg_mem_src(&decoder, bytes, count);
  jpeg_read_header(&decoder, TRUE);
  header->width = decoder.image_width;
  header->height = decoder.image_height;
  header->is_gray = decoder.num_components == 1;
  header->is_cmyk = decoder.num_components == 4;
  header->coefficient_bytes = 0;
  if (jpeg_has_multiple_scans(&decoder)) {
    // A little more than libjpeg's own numbers, which it computes later: blocks of 64 coefficients.
    for (int index = 0; index < decoder.num_components; index++) {
      const jpeg_component_info *component = &decoder.comp_info[index];
      const size_t blocks_in_row = (size_t)decoder.image_width * component->h_samp_factor / decoder.max_h_samp_factor / 8 + 3;
      const size_t rows = (size_t)decoder.image_height * component->v_samp_factor / decoder.max_v_samp_factor / 8 + 3;
      header->coefficient_bytes += blocks_in_row * rows * sizeof(JBLOCK);
    }
  }
  jpeg_destroy_decompress(&decoder);
  return true;
}

// Decodes to height * width * channels values, for which there must be room at `samples`: 1 channel of a gray file, 4 of
// a CMYK file, 3 of any other and of a gray one too.
//
// Behind the last row only a missing end counts: panoramas of some telephones have a second, senseless scan there.
static inline bool jpeg_codec_decode(
    const unsigned char *bytes, size_t count, int channels, unsigned char *samples, jpeg_codec_reason *reason) {
  struct jpeg_decompress_struct decoder;
  jpeg_codec_state state;
  memset(&decoder, 0, sizeof decoder);
  decoder.err = jpeg_codec_prepare(&state, reason);
  if (setjmp(state.way_out)) {
    jpeg_destroy_decompress(&decoder);
    return state.is_complete && state.manager.msg_code != JWRN_JPEG_EOF;
  }
  jpeg_create_decompress(&decoder);
  decoder.progress = &state.progress;
  jpeg_mem_src(&decoder, bytes, count);
  jpeg_read_header(&decoder, TRUE);
  decoder.out_color_space = channels == 4 ? JCS_CMYK : channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_start_decompress(&decoder);
  const size_t stride = (size_t)decoder.output_width * decoder.output_components;
  while (decoder.output_scanline < decoder.output_height) {
    unsigned char *row = samples + decoder.output_scanline * stride;
    jpeg_read_scanlines(&decoder, &row, 1);
  }
  state.is_complete = true;
  jpeg_finish_decompress(&decoder);
  jpeg_destroy_decompress(&decoder);
  return true;
}

// Receives the next bytes of a file; false if they cannot be taken.
typedef bool (*jpeg_codec_receiver)(void *context, const unsigned char *bytes, size_t count);

// libjpeg's destination of bytes, and the buffer in front of a receiver.
typedef struct {
  // The first member, so that libjpeg's pointer to it is one to the whole.
  struct jpeg_destination_mgr manager;
  jpeg_codec_receiver receive;
  void *context;
  unsigned char buffer[1 << 16];
} jpeg_codec_destination;

static inline void jpeg_codec_hand_over(j_compress_ptr encoder, size_t count) {
  jpeg_codec_destination *destination = (jpeg_codec_destination *)encoder->dest;
  if (count > 0 && !destination->receive(destination->context, destination->buffer, count)) ERREXIT(encoder, JERR_FILE_WRITE);
  destination->manager.next_output_byte = destination->buffer;
  destination->manager.free_in_buffer = sizeof destination->buffer;
}

static inline void jpeg_codec_begin_output(j_compress_ptr encoder) { jpeg_codec_hand_over(encoder, 0); }

static inline boolean jpeg_codec_empty_buffer(j_compress_ptr encoder) {
  jpeg_codec_hand_over(encoder, sizeof ((jpeg_codec_destination *)encoder->dest)->buffer);
  return TRUE;
}

static inline void jpeg_codec_end_output(j_compress_ptr encoder) {
  jpeg_codec_hand_over(encoder, sizeof ((jpeg_codec_destination *)encoder->dest)->buffer - encoder->dest->free_in_buffer);
}

// A picture to encode.
typedef struct {
  // height * width * channels values, gray or RGB.
  const unsigned char *pixels;
  unsigned width;
  unsigned height;
  int channels;
  int quality;
  bool halves_colors;
  // JFIF's density: 0 for a proportion, 1 for inches, 2 for centimeters.
  unsigned char density_unit;
  unsigned short density_x;
  unsigned short density_y;
  // Whole segments, from marker to contents, to be put behind JFIF's.
  const unsigned char *segments;
  size_t segment_bytes;
} jpeg_codec_picture;

// Encodes a picture, and hands the file over piece by piece.
static inline bool jpeg_codec_encode(
    const jpeg_codec_picture *picture, jpeg_codec_receiver receive, void *context, jpeg_codec_reason *reason) {
  struct jpeg_compress_struct encoder;
  jpeg_codec_state state;
  jpeg_codec_destination destination;
  memset(&encoder, 0, sizeof encoder);
  encoder.err = jpeg_codec_prepare(&state, reason);
  if (setjmp(state.way_out)) {
    jpeg_destroy_compress(&encoder);
    return false;
  }
  jpeg_create_compress(&encoder);
  destination.manager.init_destination = jpeg_codec_begin_output;
  destination.manager.empty_output_buffer = jpeg_codec_empty_buffer;
  destination.manager.term_destination = jpeg_codec_end_output;
  destination.receive = receive;
  destination.context = context;
  encoder.dest = &destination.manager;
  encoder.image_width = picture->width;
  encoder.image_height = picture->height;
  encoder.input_components = picture->channels;
  encoder.in_color_space = picture->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&encoder);
  jpeg_set_quality(&encoder, picture->quality, TRUE);
  const int sampling = picture->halves_colors && picture->channels == 3 ? 2 : 1;
  encoder.comp_info[0].h_samp_factor = encoder.comp_info[0].v_samp_factor = sampling;
  encoder.density_unit = picture->density_unit;
  encoder.X_density = picture->density_x;
  encoder.Y_density = picture->density_y;
  jpeg_start_compress(&encoder, TRUE);
  for (size_t start = 0; start < picture->segment_bytes;) {
    const unsigned char *segment = picture->segments + start;
    const unsigned length = segment[2] << 8 | segment[3];
    jpeg_write_marker(&encoder, segment[1], segment + 4, length - 2);
    start += 2 + length;
  }
  while (encoder.next_scanline < encoder.image_height) {
    unsigned char *row =
        (unsigned char *)picture->pixels + (size_t)encoder.next_scanline * picture->width * picture->channels;
    jpeg_write_scanlines(&encoder, &row, 1);
  }
  jpeg_finish_compress(&encoder);
  jpeg_destroy_compress(&encoder);
  return true;
}
