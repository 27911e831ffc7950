// Runs itk::N4BiasFieldCorrectionImageFilter on a raw float32 volume with a mask and writes the log field.
// Usage: n4 <width> <height> <depth> <levels> values.f32 mask.u8 field.f32
#include "itkImage.h"
#include "itkN4BiasFieldCorrectionImageFilter.h"
#include <cstdlib>
#include <fstream>
#include <iostream>

template <unsigned D>
int run(char ** argv)
{
  using ImageType = itk::Image<float, D>;
  using MaskType = itk::Image<unsigned char, D>;
  typename ImageType::SizeType size;
  size_t count = 1;
  for (unsigned d = 0; d < D; d++) count *= size[d] = std::atoi(argv[1 + d]);
  auto image = ImageType::New();
  image->SetRegions(size);
  image->Allocate();
  auto mask = MaskType::New();
  mask->SetRegions(size);
  mask->Allocate();
  std::ifstream(argv[5], std::ios::binary).read((char *)image->GetBufferPointer(), count * sizeof(float));
  std::ifstream(argv[6], std::ios::binary).read((char *)mask->GetBufferPointer(), count);
  using Filter = itk::N4BiasFieldCorrectionImageFilter<ImageType, MaskType, ImageType>;
  auto filter = Filter::New();
  filter->SetInput(image);
  filter->SetMaskImage(mask);
  const unsigned levels = std::atoi(argv[4]);
  filter->SetNumberOfFittingLevels(levels);
  typename Filter::VariableSizeArrayType iterations(levels);
  iterations.Fill(50);
  filter->SetMaximumNumberOfIterations(iterations);
  filter->SetConvergenceThreshold(0.001);
  filter->SetNumberOfWorkUnits(1);
  filter->Update();
  auto field = filter->ReconstructBiasField(filter->GetLogBiasFieldControlPointLattice());
  std::ofstream(argv[7], std::ios::binary).write((char *)field->GetBufferPointer(), count * sizeof(float));
  std::cout << ITK_VERSION_STRING << std::endl;
  return 0;
}

int main(int, char ** argv)
{
  return std::atoi(argv[3]) > 1 ? run<3>(argv) : run<2>(argv);
}
