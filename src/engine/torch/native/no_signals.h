// Blocks signals for a thread for a while.
#pragma once
#ifndef _WIN32
#include <csignal>
#endif

namespace tripletlab {

/**
 * Blocks signals for this thread, and for threads that it starts, as long as the object exists.
 *
 * A handler that runs during some kernels of oneDNN (2.6: gradients of convolutions) leaves the heap corrupted,
 * presumably since they use the stack pointer for other things.
 */
class NoSignals {
 public:
#ifdef _WIN32
  NoSignals() = default;
#else
  NoSignals() {
    sigset_t all;
    sigfillset(&all);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT}) sigdelset(&all, fault);
    pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~NoSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
#endif
  NoSignals(const NoSignals&) = delete;
  NoSignals& operator=(const NoSignals&) = delete;

#ifndef _WIN32
 private:
  sigset_t before_;
#endif
};

}  // namespace tripletlab
