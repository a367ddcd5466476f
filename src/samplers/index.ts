export { MPerClassSampler } from './m-per-class-sampler.js';
export { InstanceSampler } from './instance-sampler.js';
export { TripletSampler } from './triplet-sampler.js';
export { NamedSampler, register, type OwnSampler, type SamplerData } from './own-sampler.js';
