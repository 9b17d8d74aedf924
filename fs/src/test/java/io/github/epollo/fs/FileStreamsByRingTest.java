package io.github.epollo.fs;

class FileStreamsByRingTest extends FileStreamsContract {
  @Override
  FileBackend backend() {
    return FileBackend.RING;
  }
}
